/**
 * V12: what it costs to be measured. The runner tells the page of tokens every 40 ms, and stamps, counts and judges; a bare call
 * does not. Both sides in turn show whether anything large was overlooked, but scatter more than the hundredth that is allowed;
 * so the work itself is timed too.
 */
import { differenceOfPairs, pairRatios } from '../../../src/benchmark/statistics/comparison';
import type { DecodeMeasurement } from '../../../src/shared/protocol/engine';
import { decodeRate } from '../../../src/shared/domain/benchmark/token-times';
import { rateOf } from '../../../src/shared/domain/benchmark/validity';
import type { BareEngine } from '../../browser/bare-engine';
import { ReportedPage } from '../../../workers/benchmark/reported-page';
import { measureRepetition } from '../../../workers/benchmark/repetition';
import type { RunnerParts } from '../../../workers/benchmark/runner-parts';
import type { Engine } from '../../../workers/engine/engine';
import { median, ratio, rounded, roundedAll, type Row } from '../row';
import { repetitions, shortPlan, withGuide } from './guide-engine';

const pairs = 20;
const tokens = 128;
/** Repetitions of one side in a row: single ones scatter more than what is looked for. */
const perBlock = 5;

async function bare(engine: BareEngine): Promise<number> {
  const rates: number[] = [];
  for (let repetition = 0; repetition < perBlock; repetition += 1) {
    const { value } = await engine.ask<DecodeMeasurement>('measureDecode', tokens + 1);
    rates.push(decodeRate({ requestedAt: 0, stamps: value.timestamps }) ?? Number.NaN);
  }
  return median(rates);
}

async function watched(engine: BareEngine): Promise<number> {
  const shapes = [{ kind: 'tg' as const, tokens, depth: 0 }];
  const plan = shortPlan({
    shapes,
    headline: [],
    mostWarmUps: 1,
    gapMs: 0,
    repetitions: { least: perBlock, most: perBlock },
  });
  return median((await repetitions(engine, plan)).map((rep) => rateOf(rep) ?? Number.NaN));
}

/** µs that the runner adds to a token, on an engine that takes no time at all and is told about at every token. */
async function workPerToken(): Promise<number> {
  const count = 20_000;
  const { port1, port2 } = new MessageChannel();
  let looks = 0;
  const parts = {
    engine: {
      measureDecode: (wanted: number, { onTokens }: { onTokens?: (tokens: number) => void }) => {
        for (let token = 1; token <= wanted; token += 1) onTokens?.(token);
        return Promise.resolve({ timestamps: [0, 1], depthTokens: 1 });
      },
    } as unknown as Engine,
    // Each look is later than the last by more than what lies between two messages.
    clock: { now: () => ((looks += 1), performance.now() + 50 * looks), wall: () => Date.now() },
    post: (event: unknown) => port1.postMessage(event),
    page: new ReportedPage(),
    canary: () => 0,
  } as unknown as RunnerParts;
  const repetition = { shape: { kind: 'tg', tokens: count, depth: 0 }, order: 0, seed: 1, prefillRate: null } as const;
  const spent = async (warmUp: boolean): Promise<number> => {
    const startedAt = performance.now();
    await measureRepetition(parts, { ...repetition, warmUp }, new AbortController().signal);
    return performance.now() - startedAt;
  };
  const told = await spent(false);
  // A warm-up is measured in the same way, and not told about.
  const silent = await spent(true);
  port1.close();
  port2.close();
  return (1000 * (told - silent)) / count;
}

async function workRow(): Promise<Row> {
  const samples: number[] = [];
  for (let round = 0; round < 9; round += 1) samples.push(await workPerToken());
  const microseconds = median(samples);
  return {
    quantity: 'benchmark V12: work of the runner for a token',
    target: '< 1 % of a token at 1000 tok/s (10 µs)',
    measured: `${rounded(microseconds)} µs`,
    met: microseconds < 10,
    samples: roundedAll(samples),
    conditions:
      'Node.js, 20 000 tokens, the page told of every single one (at 1000 tok/s it is told of every fortieth)',
  };
}

export async function measureObserverEffect(origin: string): Promise<readonly Row[]> {
  const blocks = await withGuide(origin, 1, async (engine) => {
    const found: { side: 'a' | 'b'; rate: number }[] = [];
    await bare(engine);
    for (let pair = 0; pair < pairs; pair += 1) {
      for (const side of pair % 2 === 0 ? (['a', 'b'] as const) : (['b', 'a'] as const))
        found.push({ side, rate: side === 'a' ? await bare(engine) : await watched(engine) });
    }
    return found;
  });
  const ratios = pairRatios(blocks);
  const difference = differenceOfPairs(ratios);
  const middle = median(ratios);
  return [
    {
      quantity: 'benchmark V12: writing speed watched by the runner against not watched',
      target: '≥ 0.99',
      measured: `${ratio(middle)}${difference ? ` (95 %: ${ratio(difference.low)} to ${ratio(difference.high)})` : ''}`,
      met: middle >= 0.99,
      samples: roundedAll(ratios),
      conditions: `the Guide on llama.cpp, tg${tokens}, ${pairs} pairs of blocks of ${perBlock} in the order A B B A; median of the ratios of the pairs`,
    },
    await workRow(),
  ];
}

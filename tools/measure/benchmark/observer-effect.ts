/** V12: what it costs to be measured. The runner tells the page of tokens every 40 ms, and stamps, counts and judges; a bare call does not. */
import { differenceOfPairs, pairRatios } from '../../../src/contracts/benchmark/comparison';
import type { DecodeMeasurement } from '../../../src/contracts/engine';
import { decodeRate } from '../../../src/contracts/benchmark/token-times';
import { rateOf } from '../../../src/contracts/benchmark/validity';
import type { BareEngine } from '../../browser/bare-engine';
import { median, ratio, roundedAll, type Row } from '../row';
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
  ];
}

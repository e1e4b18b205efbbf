/**
 * V5 (a): the same file in the browser and under native llama.cpp, with as many threads. Native llama.cpp is 30 MB for one
 * platform, but its package brings those of all, 700 MB: so it is installed on demand, outside of the repository:
 *
 *   npm install --prefix <folder> --ignore-scripts node-llama-cpp@3.22.1
 *   SOTTO_NATIVE=<folder>/node_modules npm run measure -- benchmark-native
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { differenceOfPairs } from '../../../src/benchmark/statistics/comparison';
import type { DecodeMeasurement, PrefillMeasurement } from '../../../src/shared/protocol/engine';
import { decodeRate } from '../../../src/shared/domain/benchmark/token-times';
import { median, ratio, roundedAll, type Row } from '../row';
import { guidePath, withGuide } from './guide-engine';

const repeats = 15;
const prompt = 512;
const tokens = 128;
const threads = 1;
/** As the engine in the browser evaluates small models. */
const batch = 128;

async function ask<T>(child: ChildProcess, verb: string, argument: unknown): Promise<T> {
  child.send({ verb, argument });
  const [answer] = (await once(child, 'message')) as [{ value?: T; error?: string }];
  if (answer.error !== undefined) throw new Error(answer.error);
  return answer.value as T;
}

export async function measureAgainstNative(origin: string): Promise<readonly Row[]> {
  const packages = process.env['SOTTO_NATIVE'];
  if (packages === undefined) {
    console.log(
      'SOTTO_NATIVE is not set: native llama.cpp is not measured. See tools/measure/benchmark/against-native.ts.',
    );
    return [];
  }
  const child = fork(join(import.meta.dirname, '../engine-comparison-native.mjs'), [packages]);
  try {
    await ask(child, 'open', { file: guidePath, threads, batch });
    return await withGuide(origin, threads, async (engine) => {
      const reading: number[] = [];
      const writing: number[] = [];
      for (let repeat = 0; repeat <= repeats; repeat += 1) {
        const here = await engine.ask<PrefillMeasurement>('measurePrefill', prompt);
        const nativeMs = await ask<number>(child, 'prefill', prompt);
        const written = await engine.ask<DecodeMeasurement>('measureDecode', tokens + 1);
        const nativeWrittenMs = await ask<number>(child, 'decode', [1, tokens]);
        // The first of all is a warm-up on both sides.
        if (repeat === 0) continue;
        reading.push(nativeMs / here.value.milliseconds);
        const rate = decodeRate({ requestedAt: 0, stamps: written.value.timestamps }) ?? Number.NaN;
        writing.push((rate * nativeWrittenMs) / (1000 * tokens));
      }
      return [row(`reading (pp${prompt})`, reading), row(`writing (tg${tokens})`, writing)];
    });
  } finally {
    child.kill();
  }
}

function row(what: string, ratios: readonly number[]): Row {
  const difference = differenceOfPairs(ratios);
  const middle = median(ratios);
  return {
    quantity: `benchmark V5 (a): ${what}, the Guide in the browser against native llama.cpp`,
    target: 'reported; plausible from 0.2 to 0.8',
    measured: `${ratio(middle)}${difference ? ` (95 %: ${ratio(difference.low)} to ${ratio(difference.high)})` : ''}`,
    // A ratio outside is told, not failed: what it is depends on the processor.
    met: middle > 0,
    samples: roundedAll(ratios),
    conditions: `node-llama-cpp 3.22.1 on the CPU, ${threads} thread on both sides, batch ${batch}, in turn ${repeats} times; writing includes greedy sampling on both sides`,
  };
}

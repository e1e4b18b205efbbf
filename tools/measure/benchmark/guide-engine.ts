/** The Guide in the bare engine worker, for questions to the benchmark itself. */
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import guideFile from '../../../src/models/shelf/guide-file.json' with { type: 'json' };
import type { BenchmarkEvent, BenchmarkPlan, RawRep } from '../../../src/shared/protocol/benchmark';
import { profiles } from '../../../src/shared/domain/benchmark/profiles';
import { BareEngine } from '../../browser/bare-engine';
import { chromiumFlags, findChromium } from '../../browser/find-browsers';

export const guidePath = join(import.meta.dirname, '../../../public', guideFile.path);

export async function withGuide<T>(
  origin: string,
  threads: number,
  work: (engine: BareEngine) => Promise<T>,
): Promise<T> {
  const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumFlags });
  try {
    const engine = await BareEngine.open(await browser.newContext(), origin);
    await engine.load(`${origin}/${guideFile.path}`, {
      modelId: 'guide',
      engine: 'llama.cpp',
      contextTokens: 1024,
      threads,
    });
    return await work(engine);
  } finally {
    await browser.close();
  }
}

/** Quick without what would only take time here. */
export const shortPlan = (more: Partial<BenchmarkPlan> = {}): BenchmarkPlan => ({
  jobId: 'measure',
  ...profiles.quick,
  gapMs: 50,
  ceiling: 'none',
  ceilingBytes: 2 ** 29,
  sustainedMs: null,
  recoveryMs: 0,
  knownAnswer: null,
  readWeights: null,
  seed: 1,
  ...more,
});

/** The repetitions that count of one run. */
export async function repetitions(engine: BareEngine, plan: BenchmarkPlan): Promise<readonly RawRep[]> {
  const { events } = await engine.ask<string>('measure', plan);
  return (events as readonly BenchmarkEvent[]).flatMap((event) =>
    event.type === 'rep' && !event.rep.warmUp && event.rep.causes.length === 0 ? [event.rep] : [],
  );
}

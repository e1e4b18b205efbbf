/** An engine in the app's own engine worker, in any browser that can be driven. */
import type { CeilingReadings } from '../../../src/shared/domain/benchmark/ceiling';
import type { BenchmarkEvent } from '../../../src/shared/protocol/benchmark';
import { decodeRate } from '../../../src/shared/domain/benchmark/token-times';
import type {
  DecodeMeasurement,
  LoadedModel,
  LoadRequest,
  PrefillMeasurement,
} from '../../../src/shared/protocol/engine';
import { engineWorkerPath } from '../../browser/bare-engine';
import { EngineTab } from '../../browser/engine-tab';
import { shortPlan } from '../benchmark/guide-engine';
import { openTab } from './browsers';
import type { Contender, ContenderName, OpenOptions } from './contender';
import { fixedPrefix, modelPath, pagePath } from './page-server';

export async function openInPage(
  name: Exclude<ContenderName, 'native'>,
  origin: string,
  { file, threads, contextTokens }: OpenOptions,
): Promise<Contender> {
  const tab = await openTab(name === 'firefox' || name === 'webkit' ? name : 'chromium');
  try {
    const worker = (name === 'sotto-fixed' ? fixedPrefix : '') + engineWorkerPath();
    const engine = await EngineTab.open(tab, origin + pagePath, worker);
    // As the store hands it over: a Blob, of which slices are read.
    await engine.until(
      `fetch(${JSON.stringify(modelPath + encodeURIComponent(file))}).then((answer) => answer.blob()).then((blob) => {
        globalThis.measuredFile = blob;
        return { ok: true, value: null };
      })`,
    );
    const before = await tab.memoryBytes();
    const request: Omit<LoadRequest, 'files'> = {
      modelId: 'measured',
      engine: name === 'wllama' ? 'llama.cpp' : 'cpu',
      threads,
      contextTokens,
    };
    const loaded = await engine.until<LoadedModel>(
      `globalThis.callBareEngine('load', { ...${JSON.stringify(request)}, files: [globalThis.measuredFile] })`,
    );
    const after = await tab.memoryBytes();
    return {
      name,
      version: loaded.engineVersion,
      threads: loaded.threads,
      loadMs: loaded.loadMilliseconds,
      ...(loaded.accounting && { accounting: loaded.accounting }),
      memoryBytes: before === null || after === null ? null : after - before,
      prefill: async (tokens) => {
        const measured = await engine.call<PrefillMeasurement>('measurePrefill', tokens);
        return (1000 * measured.tokens) / measured.milliseconds;
      },
      decode: async (tokens, depth) => {
        const options = depth > 0 ? [{ depth }] : [];
        const measured = await engine.call<DecodeMeasurement>('measureDecode', tokens + 1, ...options);
        const { timestamps, chunkTokens } = measured;
        const rate = decodeRate({ requestedAt: 0, stamps: timestamps, ...(chunkTokens && { chunkTokens }) });
        if (rate === null) throw new Error(`${name} has written ${timestamps.length} tokens of ${tokens}`);
        return rate;
      },
      ceiling: async (): Promise<CeilingReadings | null> => {
        await engine.evaluate('(globalThis.bareEvents = [], null)');
        await engine.call('measure', shortPlan({ shapes: [], headline: [], ceiling: 'brief', ceilingBytes: 2 ** 28 }));
        const events = (await engine.evaluate('globalThis.bareEvents')) as readonly BenchmarkEvent[];
        return events.find((event) => event.type === 'ceiling')?.readings ?? null;
      },
      close: () => tab.close(),
    };
  } catch (error) {
    await tab.close();
    throw error;
  }
}

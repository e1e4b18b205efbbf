/** An engine in the app's own engine worker, in any browser that can be driven. */
import type { CeilingReadings } from '../../../src/contracts/benchmark/ceiling';
import type { BenchmarkEvent } from '../../../src/contracts/benchmark/protocol';
import { decodeRate } from '../../../src/contracts/benchmark/token-times';
import type { DecodeMeasurement, LoadedModel, LoadRequest, PrefillMeasurement } from '../../../src/contracts/engine';
import type { Result } from '../../../src/contracts/failure';
import { engineWorkerPath, startInPage } from '../../browser/bare-engine';
import { shortPlan } from '../benchmark/guide-engine';
import { openTab, type MeasuredTab } from './browsers';
import type { Contender, ContenderName, OpenOptions } from './contender';
import { fixedPrefix, modelPath, pagePath } from './page-server';

/** Between two looks whether a measurement has ended, in ms. Each costs the page some microseconds. */
const lookMs = 200;

declare global {
  /** Inside the page: what the last call came to. */
  var measuredResult: Result<unknown> | null;
}

/** Browsers end a script that takes minutes: so it is begun, and looked after. */
async function call<T>(tab: MeasuredTab, name: string, ...given: unknown[]): Promise<T> {
  const list = given.map((value) => JSON.stringify(value)).join(', ');
  return later(tab, `globalThis.callBareEngine(${[JSON.stringify(name), list].join(', ')})`);
}

async function later<T>(tab: MeasuredTab, promise: string): Promise<T> {
  await tab.evaluate(`(() => {
    globalThis.measuredResult = null;
    ${promise}.then(
      (result) => (globalThis.measuredResult = result),
      (error) => (globalThis.measuredResult = { ok: false, failure: { kind: 'engine-crashed', technical: String(error) } }),
    );
    return null;
  })()`);
  for (;;) {
    const result = (await tab.evaluate('globalThis.measuredResult')) as Result<T> | null;
    if (result !== null) {
      if (!result.ok) throw new Error(`${result.failure.kind}: ${result.failure.technical}`);
      return result.value;
    }
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
}

export async function openInPage(
  name: Exclude<ContenderName, 'native'>,
  origin: string,
  { file, threads, contextTokens }: OpenOptions,
): Promise<Contender> {
  const tab = await openTab(name === 'firefox' || name === 'webkit' ? name : 'chromium');
  try {
    await tab.navigate(origin + pagePath);
    const worker = (name === 'sotto-fixed' ? fixedPrefix : '') + engineWorkerPath();
    await tab.evaluate(`(${startInPage.toString()})(${JSON.stringify(worker)}) ?? null`);
    // As the store hands it over: a Blob, of which slices are read.
    await later(
      tab,
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
    const loaded = await later<LoadedModel>(
      tab,
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
        const measured = await call<PrefillMeasurement>(tab, 'measurePrefill', tokens);
        return (1000 * measured.tokens) / measured.milliseconds;
      },
      decode: async (tokens, depth) => {
        const options = depth > 0 ? [{ depth }] : [];
        const measured = await call<DecodeMeasurement>(tab, 'measureDecode', tokens + 1, ...options);
        const { timestamps, chunkTokens } = measured;
        const rate = decodeRate({ requestedAt: 0, stamps: timestamps, ...(chunkTokens && { chunkTokens }) });
        if (rate === null) throw new Error(`${name} has written ${timestamps.length} tokens of ${tokens}`);
        return rate;
      },
      ceiling: async (): Promise<CeilingReadings | null> => {
        await tab.evaluate('(globalThis.bareEvents = [], null)');
        await call(tab, 'measure', shortPlan({ shapes: [], headline: [], ceiling: 'brief', ceilingBytes: 2 ** 28 }));
        const events = (await tab.evaluate('globalThis.bareEvents')) as readonly BenchmarkEvent[];
        return events.find((event) => event.type === 'ceiling')?.readings ?? null;
      },
      close: () => tab.close(),
    };
  } catch (error) {
    await tab.close();
    throw error;
  }
}

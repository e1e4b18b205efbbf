/**
 * How long a model takes over a picture, and over half a minute of speech: with projectors in the shapes of well-known ones, beside
 * language models of the same width.
 */
import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { plainPng, toneWav } from '../../tests/fixtures/media-files';
import { projectorShapes, shapedProjector } from '../../tests/fixtures/shaped-projector';
import { randomModel, shapes } from '../../tests/fixtures/synthetic-gguf';
import type { DecodeMeasurement, LoadedModel } from '../../src/shared/protocol/engine';
import { decodeRate } from '../../src/shared/domain/benchmark/token-times';
import { engineWorkerPath } from '../browser/bare-engine';
import { EngineTab } from '../browser/engine-tab';
import { openTab, type MeasuredTab } from './cpu-engine/browsers';
import { modelsFolder } from './cpu-engine/models';
import { modelPath, pagePath, servePages } from './cpu-engine/page-server';
import { median, rounded, roundedAll, type Row } from './row';

const threads = 2;
const runs = 3;

interface Pair {
  readonly model: string;
  readonly projector: string;
}

function write(file: string, pieces: () => Iterable<Uint8Array>): string {
  mkdirSync(modelsFolder, { recursive: true });
  const path = join(modelsFolder, file);
  if (existsSync(path)) return file;
  const handle = openSync(`${path}.part`, 'w');
  for (const piece of pieces()) writeSync(handle, piece);
  closeSync(handle);
  renameSync(`${path}.part`, path);
  return file;
}

type Tower = 'Qwen3-VL-2B' | 'SmolVLM2-256M';

/** Two layers of a language model: what a picture costs is its projector's work. */
const seeing = (tower: Tower): Pair => {
  const width = projectorShapes[tower].projected;
  const shape = { ...shapes['Qwen3 slice'], layers: 2, width, feedForward: 1024 };
  return {
    model: write(`wide-${width}-2-layers.gguf`, () => randomModel({ shape, quantisation: 'Q8_0' })),
    projector: write(`mmproj-${tower}-Q8_0.gguf`, () => shapedProjector(projectorShapes[tower], 'Q8_0')),
  };
};

const hearing = (): Pair => ({
  model: write('Qwen3-0.6B-Q8_0.gguf', () => randomModel({ shape: shapes['Qwen3-0.6B'], quantisation: 'Q8_0' })),
  projector: write('mmproj-Qwen3-ASR-0.6B-Q8_0.gguf', () => shapedProjector(projectorShapes['Qwen3-ASR-0.6B'], 'Q8_0')),
});

export async function measureSenses(): Promise<readonly Row[]> {
  const pages = await servePages(join(import.meta.dirname, '../../dist'), modelsFolder);
  try {
    return [
      ...(await inTab(pages.origin, seeing('SmolVLM2-256M'), (loaded) =>
        measurePictures(loaded, 'SmolVLM2-256M', 512),
      )),
      ...(await inTab(pages.origin, seeing('Qwen3-VL-2B'), (loaded) => measurePictures(loaded, 'Qwen3-VL-2B', 1024))),
      ...(await inTab(pages.origin, hearing(), measureSpeech)),
    ];
  } finally {
    await pages.close();
  }
}

interface Loaded {
  readonly engine: EngineTab;
  readonly version: string;
  /** Of the page's process, since before the load; null where it is not known. */
  readonly memoryBytes: () => Promise<number | null>;
}

async function inTab(
  origin: string,
  { model, projector }: Pair,
  measure: (loaded: Loaded) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const tab: MeasuredTab = await openTab('chromium');
  try {
    const engine = await EngineTab.open(tab, origin + pagePath, engineWorkerPath());
    const addresses = JSON.stringify([model, projector].map((file) => modelPath + encodeURIComponent(file)));
    await engine.until(
      `Promise.all(${addresses}.map((address) => fetch(address).then((answer) => answer.blob()))).then((blobs) => {
        globalThis.measuredFiles = blobs;
        return { ok: true, value: null };
      })`,
    );
    const before = await tab.memoryBytes();
    const request = { modelId: 'measured', engine: 'llama.cpp', threads, contextTokens: 2048 };
    const { engineVersion } = await engine.until<LoadedModel>(
      `globalThis.callBareEngine('load', { ...${JSON.stringify(request)}, files: globalThis.measuredFiles })`,
    );
    const memoryBytes = async (): Promise<number | null> => {
      const now = await tab.memoryBytes();
      return before === null || now === null ? null : now - before;
    };
    return await measure({ engine, version: engineVersion, memoryBytes });
  } finally {
    await tab.close();
  }
}

/** Puts a file into the page, as `globalThis.measuredMedia`. */
async function hand({ engine }: Loaded, blob: Blob): Promise<void> {
  const base64 = Buffer.from(await blob.arrayBuffer()).toString('base64');
  await engine.until(
    `fetch('data:${blob.type};base64,${base64}').then((answer) => answer.blob()).then((blob) => {
      globalThis.measuredMedia = blob;
      return { ok: true, value: null };
    })`,
  );
}

/** @param side of the square picture, in pixels */
async function measurePictures(loaded: Loaded, tower: Tower, side: number): Promise<readonly Row[]> {
  const times = await mediaSeconds(loaded, 'picture', (run) => plainPng(40 + run, side, side));
  const { layers, width } = projectorShapes[tower];
  return [
    {
      quantity: `a picture of ${side} x ${side} pixels, read by a vision tower like ${tower}’s on the CPU`,
      target: 'none',
      measured: `${rounded(median(times))} s`,
      met: true,
      samples: roundedAll(times),
      conditions: `${loaded.version}, ${threads} threads, ${layers} layers of ${width} (Q8_0), noise; 256 tokens, the most on the CPU`,
      details: { memoryMegabytes: megabytes(await loaded.memoryBytes()) },
    },
  ];
}

/** What a picture or a sound adds to the time until the first token. @param make another one each time: what was read before lies in the cache */
async function mediaSeconds(
  loaded: Loaded,
  kind: 'picture' | 'sound',
  make: (run: number) => Blob | Promise<Blob>,
): Promise<readonly number[]> {
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    await hand(loaded, await make(run));
    const withMedia = await answerMs(loaded, `[{ kind: '${kind}', blob: globalThis.measuredMedia }]`);
    times.push((withMedia - (await answerMs(loaded, '[]'))) / 1000);
  }
  return times;
}

/** A question of one token's answer; the number keeps it out of the cache. */
let questions = 0;
function answerMs({ engine }: Loaded, media: string): Promise<number> {
  questions += 1;
  const request = `{ jobId: 'measured', sampling: { temperature: 0, maxTokens: 1 },
    turns: [{ role: 'user', content: '${questions} What is this?', media: ${media} }] }`;
  return engine.until<number>(
    `(async () => {
      const startedAt = performance.now();
      const result = await globalThis.callBareEngine('generate', ${request});
      return result.ok ? { ok: true, value: performance.now() - startedAt } : result;
    })()`,
  );
}

const soundSeconds = 30;
/** In half a minute of English. */
const spokenTokens = 105;

async function measureSpeech(loaded: Loaded): Promise<readonly Row[]> {
  const { engine } = loaded;
  const times = await mediaSeconds(loaded, 'sound', (run) => toneWav(soundSeconds, 300 + 50 * run));
  // Noise writes no words of its own: as many tokens as such a text has are timed apart.
  const decoded = await engine.call<DecodeMeasurement>('measureDecode', spokenTokens, { depth: 390 });
  const { timestamps, chunkTokens } = decoded;
  const rate = decodeRate({ requestedAt: 0, stamps: timestamps, ...(chunkTokens && { chunkTokens }) }) ?? Number.NaN;
  const factors = times.map((time) => (time + spokenTokens / rate) / soundSeconds);
  return [
    {
      quantity: 'writing down speech with a model like Qwen3-ASR-0.6B, on the CPU, as a share of its length',
      target: 'none',
      measured: `${rounded(median(factors))}`,
      met: true,
      samples: roundedAll(factors),
      conditions: `${loaded.version}, ${threads} threads, Q8_0, noise; ${soundSeconds} s of sound, and ${spokenTokens} tokens of text`,
      details: {
        secondsToFirstWord: roundedAll(times),
        tokensPerSecond: rounded(rate),
        memoryMegabytes: megabytes(await loaded.memoryBytes()),
      },
    },
  ];
}

const megabytes = (bytes: number | null): number | null => (bytes === null ? null : Math.round(bytes / 1e6));

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

const dist = join(import.meta.dirname, '../../dist');
const threads = 2;
const runs = 3;
const soundSeconds = 30;
/** In half a minute of English. */
const spokenTokens = 105;

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

/** Two layers of a language model: what a picture costs is its projector's work. */
const seeing = (): Pair => ({
  model: write('wide-2-layers.gguf', () =>
    randomModel({
      shape: { ...shapes['Qwen3 slice'], layers: 2, width: 2048, feedForward: 1024 },
      quantisation: 'Q8_0',
    }),
  ),
  projector: write('mmproj-Qwen3-VL-2B-Q8_0.gguf', () => shapedProjector(projectorShapes['Qwen3-VL-2B'], 'Q8_0')),
});

const hearing = (): Pair => ({
  model: write('Qwen3-0.6B-Q8_0.gguf', () => randomModel({ shape: shapes['Qwen3-0.6B'], quantisation: 'Q8_0' })),
  projector: write('mmproj-Qwen3-ASR-0.6B-Q8_0.gguf', () => shapedProjector(projectorShapes['Qwen3-ASR-0.6B'], 'Q8_0')),
});

export async function measureSenses(): Promise<readonly Row[]> {
  const pages = await servePages(dist, modelsFolder);
  try {
    return [
      ...(await inTab(pages.origin, seeing(), measurePictures)),
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

async function measurePictures(loaded: Loaded): Promise<readonly Row[]> {
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    // Another one each time: what was read before lies in the cache.
    await hand(loaded, await plainPng(40 + run, 1024, 1024));
    const withPicture = await answerMs(loaded, `[{ kind: 'picture', blob: globalThis.measuredMedia }]`);
    times.push((withPicture - (await answerMs(loaded, '[]'))) / 1000);
  }
  return [
    {
      quantity: 'a picture read by a vision tower like Qwen3-VL-2B’s, on the CPU',
      target: 'none',
      measured: `${rounded(median(times))} s`,
      met: true,
      samples: roundedAll(times),
      conditions: `${loaded.version}, ${threads} threads, 24 layers of 1024 (Q8_0), noise; 1024 x 1024 pixels, which become 256 tokens`,
      details: { memoryMegabytes: megabytes(await loaded.memoryBytes()) },
    },
  ];
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

async function measureSpeech(loaded: Loaded): Promise<readonly Row[]> {
  const { engine } = loaded;
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    await hand(loaded, toneWav(soundSeconds, 300 + 50 * run));
    // Noise has no end of its own: it is stopped at its first words.
    const ms = await engine.until<number>(
      `(async () => {
        const startedAt = performance.now();
        const ended = globalThis.callBareEngine('transcribe', { jobId: 'measured', audio: globalThis.measuredMedia });
        while (globalThis.bareText === '') await new Promise((resolve) => setTimeout(resolve, 10));
        const value = performance.now() - startedAt;
        await globalThis.callBareEngine('cancel', 'measured');
        await ended;
        return { ok: true, value };
      })()`,
    );
    times.push(ms / 1000);
  }
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

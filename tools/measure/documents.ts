/** Collections: how well questions find their places, how fast ten thousand passages are searched, and what reading costs. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { corpusFiles, qualityOf, type Quality } from '../../tests/fixtures/documents/corpus';
import type { FoundPlace } from '../../src/shared/domain/collection';
import { engineWorkerPath, startInPage } from '../browser/bare-engine';
import { chromiumFlags, findChromium } from '../browser/find-browsers';
import { modelFile, modelsFolder, type ModelName } from './cpu-engine/models';
import { modelPath, pagePath, servePages } from './cpu-engine/page-server';
import { median, rounded, roundedAll, type Row } from './row';

const dist = join(import.meta.dirname, '../../dist');
const passageCount = 10_000;
const dimensions = 1024;

/** Runs in the bare page, where the calls of the documents worker are written by hand, as those of the engine are. */
declare global {
  var callDocuments: (name: string, ...given: unknown[]) => Promise<unknown>;
}

function startDocuments(path: string): void {
  const worker = new Worker(path, { type: 'module' });
  const waiting = new Map<string, (value: unknown) => void>();
  worker.onmessage = ({ data }: MessageEvent<{ id?: string; value?: unknown }>) => {
    if (data.id !== undefined) waiting.get(data.id)?.(data.value);
  };
  globalThis.callDocuments = (name, ...given) =>
    new Promise((resolve, reject) => {
      worker.onerror = ({ message }) => reject(new Error(message || 'the documents worker died'));
      const id = crypto.randomUUID();
      waiting.set(id, resolve);
      const argumentList = given.map((value) => ({ type: 'RAW', value }));
      worker.postMessage({ id, type: 'APPLY', path: [name], argumentList });
    });
}

const documentsWorkerPath = (): string => {
  const worker = readdirSync(join(dist, 'quiet-worker')).find((name) => /^documents\.worker-.*\.js$/.test(name));
  if (worker === undefined) throw new Error('no documents worker: build first');
  return `/quiet-worker/${worker}`;
};

interface ReadTimes {
  readonly passages: number;
  readonly readMs: number;
  readonly putMs: number;
}

/** A text of so many characters: sentences of made-up words, used as unevenly as in a language. */
function madeUpText({ characters, seed }: { characters: number; seed: number }): string {
  let state = seed;
  const random = (): number => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
  const word = (): string => {
    const rank = Math.floor(20_000 ** random());
    return (rank * 7_919 + 17).toString(26).replace(/\d/g, (digit) => 'qrstuvwxyz'[Number(digit)] ?? '');
  };
  const parts: string[] = [];
  for (let length = 0; length < characters;) {
    const sentence = `${Array.from({ length: 8 + Math.floor(random() * 14) }, word).join(' ')}. `;
    parts.push(sentence);
    length += sentence.length;
  }
  return parts.join('');
}

async function load(page: Page, model: ModelName, quantisation: 'Q8_0'): Promise<void> {
  await page.evaluate(
    async (address) => {
      const file = await (await fetch(address)).blob();
      const request = { modelId: address, engine: 'cpu', files: [file], contextTokens: 1024 };
      const loaded = (await globalThis.callBareEngine('load', request)) as { ok: boolean };
      if (!loaded.ok) throw new Error(JSON.stringify(loaded));
    },
    modelPath + encodeURIComponent(modelFile(model, quantisation)),
  );
}

/** Reads a text, gives it to the search, and says how long each took. With vectors of chance, where they are wanted. */
const readAndPut = (page: Page, given: { text: string; vectors: number }): Promise<ReadTimes> =>
  page.evaluate(async ({ text, vectors }) => {
    const startedAt = performance.now();
    const read = (await globalThis.callDocuments('read', { file: new Blob([text]), name: 'made-up.txt' })) as {
      value: { text: Blob; passages: readonly object[] };
    };
    const readMs = performance.now() - startedAt;
    const { passages } = read.value;
    const bytes = new Int8Array(passages.length * vectors);
    for (let at = 0; at < bytes.length; at += 1) bytes[at] = ((at * 7_919) % 255) - 127;
    const putAt = performance.now();
    await globalThis.callDocuments('put', [
      {
        id: 'made-up',
        collectionId: 'made-up',
        name: 'made-up.txt',
        ...read.value,
        ...(vectors > 0 && { vectors: { modelId: 'm', dimensions: vectors, bytes: new Blob([bytes]) } }),
      },
    ]);
    return { passages: passages.length, readMs, putMs: performance.now() - putAt };
  }, given);

/** Ms from the question to the places, for questions of three words of different frequency. */
const searchTimes = (page: Page, text: string, mode: 'words' | 'vectors' | 'both'): Promise<readonly number[]> =>
  page.evaluate(
    async ({ words, of, length }) => {
      const vector = Float32Array.from({ length }, (_, index) => Math.sin(index) / Math.sqrt(length / 2));
      const times: number[] = [];
      for (let round = 0; round < 33; round += 1) {
        const query = [0, 1, 2].map((index) => words[(round * 37 + index * 211) % words.length]).join(' ');
        const startedAt = performance.now();
        await globalThis.callDocuments('search', {
          query: of === 'vectors' ? '' : query,
          collectionIds: ['made-up'],
          limit: 8,
          vectors: of === 'words' ? [] : [{ modelId: 'm', vector }],
        });
        // The first few warm it up.
        if (round >= 3) times.push(performance.now() - startedAt);
      }
      return times;
    },
    { words: text.slice(0, 200_000).split(/[. ]+/), of: mode, length: dimensions },
  );

/** The passages of the corpus in the search, with the vectors of the loaded model. @returns ms of all vectors */
const putCorpus = (page: Page): Promise<{ readonly passages: number; readonly embedMs: number }> =>
  page.evaluate(async (files) => {
    let embedMs = 0;
    let count = 0;
    for (const { name, text } of files) {
      const read = (await globalThis.callDocuments('read', { file: new Blob([text]), name })) as {
        value: { text: Blob; passages: { start: number; end: number; headings?: string[] }[] };
      };
      const { passages } = read.value;
      const texts = passages.map(({ start, end, headings = [] }) => [...headings, text.slice(start, end)].join('\n'));
      const startedAt = performance.now();
      const made = (await globalThis.callBareEngine('embed', { jobId: name, texts })) as {
        ok: boolean;
        value: Float32Array[];
      };
      embedMs += performance.now() - startedAt;
      if (!made.ok) throw new Error(JSON.stringify(made));
      const length = made.value[0]?.length ?? 0;
      const bytes = new Int8Array(length * passages.length);
      for (const [row, vector] of made.value.entries())
        for (const [index, value] of vector.entries()) bytes[row * length + index] = Math.round(value * 127);
      count += passages.length;
      await globalThis.callDocuments('put', [
        {
          id: name,
          collectionId: 'corpus',
          name,
          ...read.value,
          vectors: { modelId: 'm', dimensions: length, bytes: new Blob([bytes]) },
        },
      ]);
    }
    return { passages: count, embedMs };
  }, corpusFiles());

const quality = (page: Page, mode: 'words' | 'vectors' | 'both'): Promise<Quality> =>
  qualityOf((question) =>
    page.evaluate(
      async ({ text, of }) => {
        const made = (await globalThis.callBareEngine('embed', { jobId: text, texts: [text] })) as {
          value: Float32Array[];
        };
        const found = (await globalThis.callDocuments('search', {
          query: of === 'vectors' ? '' : text,
          collectionIds: ['corpus'],
          limit: 10,
          vectors: of === 'words' ? [] : [{ modelId: 'm', vector: made.value[0] }],
        })) as { places: FoundPlace[] };
        return found.places;
      },
      { text: question, of: mode },
    ),
  );

/** Seconds that a model takes for the vectors of one passage of about 400 tokens. */
const passageSeconds = (page: Page, text: string): Promise<number> =>
  page.evaluate(async (given) => {
    const startedAt = performance.now();
    const made = (await globalThis.callBareEngine('embed', { jobId: 'one', texts: [given] })) as { ok: boolean };
    if (!made.ok) throw new Error(JSON.stringify(made));
    return (performance.now() - startedAt) / 1000;
  }, text);

const memory = async (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const measure = (performance as { measureUserAgentSpecificMemory?: () => Promise<{ bytes: number }> })
      .measureUserAgentSpecificMemory;
    return measure ? (await measure.call(performance)).bytes : 0;
  });

const shown = ({ recallAt5, mrr }: Quality): string => `${recallAt5.toFixed(2)} / ${mrr.toFixed(2)}`;

export async function measureDocuments(): Promise<readonly Row[]> {
  modelFile('Guide', 'Q8_0');
  const pages = await servePages(dist, modelsFolder);
  const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumFlags });
  try {
    const page = await browser.newPage();
    await page.goto(pages.origin + pagePath);
    await page.evaluate(startInPage, engineWorkerPath());
    await page.evaluate(startDocuments, documentsWorkerPath());
    await load(page, 'Guide', 'Q8_0');
    const corpus = await putCorpus(page);
    const qualities = {
      words: await quality(page, 'words'),
      vectors: await quality(page, 'vectors'),
      both: await quality(page, 'both'),
    };
    const text = madeUpText({ characters: passageCount * 1480, seed: 5 });
    const before = await memory(page);
    const reading = await readAndPut(page, { text, vectors: dimensions });
    const after = await memory(page);
    const times = {
      words: await searchTimes(page, text, 'words'),
      vectors: await searchTimes(page, text, 'vectors'),
      both: await searchTimes(page, text, 'both'),
    };
    // Of real words: made-up ones are many tokens each.
    const passage = (corpusFiles()[0]?.text ?? '').slice(0, 1500);
    const guideSeconds = [await passageSeconds(page, passage), await passageSeconds(page, passage)];
    let large: number | null = null;
    if (process.env['SOTTO_MEASURE_SMALL'] === undefined) {
      await load(page, 'Qwen3-0.6B', 'Q8_0');
      large = await passageSeconds(page, passage);
    }
    const megabytes = text.length / 1e6;
    const perMegabyte = (reading.readMs + reading.putMs) / 1000 / megabytes;
    const passagesPerMegabyte = reading.passages / megabytes;
    const both = median(times.both);
    return [
      {
        quantity: 'questions whose place is among the first five, by words',
        target: '≥ 0.88',
        measured: qualities.words.recallAt5.toFixed(2),
        met: qualities.words.recallAt5 >= 0.88,
        samples: [qualities.words.recallAt5],
        conditions: `100 questions over nine texts of our own in English and Chinese, among the project’s documents: ${corpus.passages} passages. The vectors are of the Guide, which was not made for it: they say nothing of a model for search.`,
        details: {
          'recall@5 / MRR by words': shown(qualities.words),
          'by vectors of the Guide': shown(qualities.vectors),
          'by both': shown(qualities.both),
        },
      },
      {
        quantity: 'a search of 10,000 passages, by words and vectors of 1,024 numbers',
        target: '≤ 100 ms',
        measured: `${rounded(both)} ms`,
        met: both <= 100,
        samples: roundedAll(times.both),
        conditions: `${reading.passages} passages of made-up words, questions of three words; from the page to the worker and back, without making the vector of the question; median`,
        details: { wordsMs: rounded(median(times.words)), vectorsMs: rounded(median(times.vectors)) },
      },
      {
        quantity: 'a megabyte of text in a collection, read, cut and found by its words',
        target: '≤ 5 s',
        measured: `${rounded(perMegabyte)} s`,
        met: perMegabyte <= 5,
        samples: [rounded(perMegabyte)],
        conditions: `${rounded(megabytes)} MB in one file; with vectors, the time of one passage of 1,500 characters times the passages of a megabyte`,
        details: {
          readSeconds: rounded(reading.readMs / 1000 / megabytes),
          indexSeconds: rounded(reading.putMs / 1000 / megabytes),
          withVectorsOfTheGuideSeconds: rounded(perMegabyte + passagesPerMegabyte * Math.min(...guideSeconds)),
          withVectorsOfQwen3Seconds: large === null ? null : rounded(perMegabyte + passagesPerMegabyte * large),
          memoryOfTheSearchMegabytes: rounded((after - before) / 1e6),
        },
      },
    ];
  } finally {
    await browser.close();
    await pages.close();
  }
}

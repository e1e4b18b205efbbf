/**
 * The CPU engine writes the same tokens in every browser and with any number of threads: greedily, and with a seed. All browsers
 * that are installed compute in one test, since it is each other that they are compared with.
 */
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { alone } from './test';
import type { GenerationOutcome, GenerationRequest, LoadedModel, LoadRequest } from '../../src/shared/protocol/engine';
import type { Result } from '../../src/shared/protocol/failure';
import { engineWorkerPath } from '../../tools/browser/bare-engine';
import { EngineTab } from '../../tools/browser/engine-tab';
import { hasBrowser, openTab, type BrowserName } from '../../tools/measure/cpu-engine/browsers';
import { modelPath, pagePath, servePages } from '../../tools/measure/cpu-engine/page-server';
import { contextTokens, logitModelBytes, logitModels, specialTokenIds } from '../fixtures/logit-models';

const root = join(import.meta.dirname, '../..');
const dist = join(root, 'dist-test');
const browserNames = ['chromium', 'firefox', 'webkit'] as const;
const threadCounts = [1, 2, 4] as const;

/** Of the models of chance each letter is a token: the prompt goes over the edge of a tile, and of a pass. */
const conversations = {
  guide: [{ role: 'user', content: 'How do I delete my chats?' }],
  chance: [{ role: 'user', content: 'The heron stands in the cold river. '.repeat(4) }],
} as const;
const samplings = [
  { temperature: 0, maxTokens: 24 },
  { temperature: 0.8, topP: 0.95, topK: 40, minP: 0.02, repeatPenalty: 1.1, seed: 20_251, maxTokens: 24 },
] as const;

/** By chance a model may end its answer at once, and that would be the same everywhere, and say nothing. */
const neverEnds = Object.fromEntries(specialTokenIds.map((id) => [id, -100]));

/** For each number of threads. */
interface Answered {
  readonly threads: number;
  /** One for each sampling: the text, and how many tokens it has. */
  readonly answers: readonly (readonly [text: string, tokens: number])[];
}

/** Runs in the page. */
async function answersInPage(
  address: string,
  load: Pick<LoadRequest, 'modelId' | 'engine' | 'contextTokens'>,
  threadCounts: readonly number[],
  requests: readonly GenerationRequest[],
): Promise<Result<readonly Answered[]>> {
  const blob = await (await fetch(address)).blob();
  const found: Answered[] = [];
  for (const threads of threadCounts) {
    const request = { ...load, threads, files: [blob] } satisfies LoadRequest;
    const loaded = (await globalThis.callBareEngine('load', request)) as Result<LoadedModel>;
    if (!loaded.ok) return loaded;
    const answers: [string, number][] = [];
    for (const asked of requests) {
      const ended = (await globalThis.callBareEngine('generate', asked)) as Result<GenerationOutcome>;
      if (!ended.ok) return ended;
      answers.push([globalThis.bareText, ended.value.figures.completionTokens]);
    }
    found.push({ threads: loaded.value.threads, answers });
  }
  return { ok: true, value: found };
}

type AnswersByModel = ReadonlyMap<string, readonly Answered[]>;

async function answersIn(browser: BrowserName, origin: string): Promise<AnswersByModel> {
  const tab = await openTab(browser);
  try {
    const engine = await EngineTab.open(tab, origin + pagePath, engineWorkerPath(dist));
    const found = new Map<string, readonly Answered[]>();
    for (const name of ['guide', ...logitModels.keys()]) {
      const ofChance = name !== 'guide';
      const load = { modelId: name, engine: 'cpu', ...(ofChance && { contextTokens }) };
      const turns = conversations[ofChance ? 'chance' : 'guide'];
      const logitBias = ofChance ? neverEnds : {};
      const requests = samplings.map((sampling): GenerationRequest => ({
        jobId: 'answer',
        turns,
        sampling: { ...sampling, logitBias },
      }));
      const given = [modelPath + encodeURIComponent(name), load, threadCounts, requests];
      const list = given.map((value) => JSON.stringify(value)).join(', ');
      found.set(name, await engine.until(`(${answersInPage.toString()})(${list})`));
    }
    return found;
  } finally {
    await tab.close();
  }
}

test('the same tokens come in every browser, with one, two and four threads', alone, async () => {
  const models = await mkdtemp(join(tmpdir(), 'sotto-same-tokens-'));
  const server = await servePages(dist, models);
  try {
    await copyFile(join(root, 'public/models/guide.gguf'), join(models, 'guide'));
    for (const [name, model] of logitModels) await writeFile(join(models, name), logitModelBytes(model));
    const expected = await answersIn('chromium', server.origin);
    for (const browser of browserNames.filter(hasBrowser)) {
      const found = browser === 'chromium' ? expected : await answersIn(browser, server.origin);
      for (const [name, answered] of found) {
        expect
          .soft(
            answered.map(({ threads }) => threads),
            `threads of ${name} in ${browser}`,
          )
          .toEqual(threadCounts);
        const [first] = expected.get(name) ?? [];
        for (const { threads, answers } of answered)
          expect.soft(answers, `${name} in ${browser} with ${threads} threads`).toEqual(first?.answers);
        expect
          .soft(
            first?.answers.every(([, tokens]) => tokens > 8),
            `${name} writes`,
          )
          .toBe(true);
      }
    }
  } finally {
    await server.close();
    await rm(models, { recursive: true, force: true });
  }
});

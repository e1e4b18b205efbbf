import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { chromium, type Page } from '@playwright/test';
import { watchAnswers } from '../../tests/fixtures/scripted-answers';
import { scriptedModel } from '../../tests/fixtures/scripted-gguf';
import { cardOf } from '../../src/models/shelf/model-cards';
import { BareEngine } from '../browser/bare-engine';
import { chromiumFlags, findChromium } from '../browser/find-browsers';
import { median, ratio, rounded, roundedAll, type Row } from './row';
import { storyTokens } from './story';

const rounds = 5;
const answerTokens = 1500;
const question = 'Write a long report';
const modelName = 'reporter';

/** llama.cpp writing Markdown for as long as it is let: about the work of the Guide for each token, and text worth rendering. */
async function writeModel(folder: string): Promise<string> {
  // Each token of such a model may occur once; a mark at the end of the words makes them differ and changes nothing else.
  const tokens = [...new Set(storyTokens(330).filter((token) => token.length > 1))];
  const path = join(folder, `${modelName}.gguf`);
  const pieces = scriptedModel({
    answer: tokens,
    then: 'repeat',
    certainty: 40,
    size: { layers: 6, feedForward: 512 },
  });
  await pipeline(Readable.from(pieces), createWriteStream(path));
  return path;
}

async function openInApp(page: Page, origin: string, path: string): Promise<void> {
  await watchAnswers(page);
  await page.goto(`${origin}/#/models`);
  await page.getByRole('button', { name: 'Add a model' }).click();
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Open a file' }).click(),
  ]);
  await chooser.setFiles(path);
  await page.getByRole('article', { name: modelName }).getByRole('button', { name: 'Use' }).click();
  await page.getByRole('textbox', { name: 'Message' }).waitFor();
}

interface Speed {
  /** Tokens per second by the stamps of the engine worker. */
  readonly inWorker: number;
  /** Tokens per second as they reached the page. */
  readonly atPage: number;
}

/** One long answer in a new chat, rendered and stored as it comes; stopped after `answerTokens`. */
async function speedInApp(page: Page): Promise<Speed> {
  await page.bringToFront();
  await page.getByRole('button', { name: 'New chat' }).click();
  // The figures of the answer before must not be taken for those of this one.
  await page.evaluate(() => (globalThis.answerAtPage = { ...globalThis.answerAtPage, figures: null }));
  await page.getByRole('textbox', { name: 'Message' }).fill(question);
  await page.getByRole('button', { name: 'Send' }).click();
  await page.waitForFunction(() => globalThis.answerAtPage.figures !== null, undefined, {
    timeout: 120_000,
    polling: 250,
  });
  const { figures, tokens, firstTextAt, lastTextAt } = await page.evaluate(() => globalThis.answerAtPage);
  if (!figures || firstTextAt === null) throw new Error('the app told no figures');
  return {
    inWorker: ((figures.completionTokens - 1) * 1000) / figures.decodeMs,
    atPage: ((tokens - 1) * 1000) / (lastTextAt - firstTextAt),
  };
}

export async function measureWholeApp(origin: string): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-speed-'));
  const path = await writeModel(folder);
  const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumFlags });
  const context = await browser.newContext();
  const page = await context.newPage();
  // The model would write until its context is full; the app has no setting for that yet, so the call is told on its way.
  await context.addInitScript((maxTokens) => {
    const post = Reflect.get(Worker.prototype, 'postMessage') as (this: Worker, ...args: unknown[]) => void;
    Worker.prototype.postMessage = function (
      this: Worker,
      message: { path?: string[]; argumentList?: { value: Record<string, unknown> }[] },
      ...rest: unknown[]
    ) {
      const request = message.path?.[0] === 'generate' ? message.argumentList?.[0]?.value : undefined;
      if (request) request['sampling'] = { ...(request['sampling'] as object), maxTokens };
      post.call(this, message, ...rest);
    };
  }, answerTokens);
  await openInApp(page, origin, path);

  const bare = await BareEngine.open(context, origin);
  await bare.offer(`${origin}/bare-model.gguf`, path);
  const loaded = await bare.load(`${origin}/bare-model.gguf`, {
    modelId: 'bare',
    engine: 'llama.cpp',
    contextTokens: 4096,
  });
  const speedBare = async (): Promise<number> => {
    const sampling = { ...cardOf('').sampling, maxTokens: answerTokens };
    const { figures } = (await bare.generate({ turns: [{ role: 'user', content: question }], sampling })).outcome;
    return ((figures.completionTokens - 1) * 1000) / figures.decodeMs;
  };

  const pairs: { app: Speed; bare: number }[] = [];
  for (let round = -1; round < rounds; round += 1) {
    // Taken in turn, and in changing order: a machine that grows slower or faster does so for both.
    const first = round % 2 === 0 ? await speedBare() : undefined;
    const app = await speedInApp(page);
    const pair = { app, bare: first ?? (await speedBare()) };
    // The first pair is the warm-up.
    if (round >= 0) pairs.push(pair);
  }
  await browser.close();
  await rm(folder, { recursive: true, force: true });

  const row = (name: string, of: (speed: Speed) => number): Row => {
    const ratios = pairs.map(({ app, bare: bareRate }) => of(app) / bareRate);
    const value = median(ratios);
    return {
      quantity: `decode speed through the whole app, ${name}, against the bare engine`,
      target: '≥ 0.98',
      measured: ratio(value),
      met: value >= 0.98,
      samples: roundedAll(ratios),
      conditions: `one browser, answers of ${answerTokens} tokens of Markdown taken in turn: the app (client, storage, rendering) and the same engine worker alone; llama.cpp, ${loaded.threads} threads; median of pairs`,
      details: {
        engine: loaded.engineVersion,
        bareTokensPerSecond: rounded(median(pairs.map((pair) => pair.bare))),
        appTokensPerSecond: rounded(median(pairs.map((pair) => of(pair.app)))),
      },
    };
  };
  return [
    row('stamped in the worker', ({ inWorker }) => inWorker),
    row('as it reaches the page', ({ atPage }) => atPage),
  ];
}

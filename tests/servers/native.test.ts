/** The Guide in the browser's own engine, and the same file in a native llama.cpp behind a server: greedy, word for word. */
import { afterAll, expect, it } from 'vitest';
import engineWorkerUrl from '../../workers/engine.worker.ts?worker&url';
import serverWorkerUrl from '../../workers/server.worker.ts?worker&url';
import { EngineClient } from '../../src/engine/engine-client';
import { guide } from '../../src/models/shelf/guide';
import type { LoadRequest } from '../../src/shared/protocol/engine';
import { startWorker } from '../../src/shared/platform/trusted-worker';
import knownAnswers from '../fixtures/guide-known-answers.json';

declare const __NATIVE_SERVER__: string;

const client = new EngineClient(() => startWorker(engineWorkerUrl, 'engine'));
client.startServerWorker = () => startWorker(serverWorkerUrl, 'server');
afterAll(() => client.terminate());

const questions = Object.keys(knownAnswers.answers);

interface Answered {
  readonly text: string;
  readonly promptTokens: number;
}

async function answersOf(request: LoadRequest): Promise<readonly Answered[]> {
  const load = await client.load(request);
  if (!load.ok) throw new Error(`${load.failure.kind}: ${load.failure.technical}`);
  const answers: Answered[] = [];
  for (const [index, content] of questions.entries()) {
    let text = '';
    const result = await client.generate(
      {
        jobId: `question ${index}`,
        turns: [{ role: 'user', content }],
        sampling: { temperature: 0, maxTokens: 200 },
        reuseCache: false,
      },
      (event) => {
        if (event.type === 'text') text += event.text;
      },
    );
    if (!result.ok) throw new Error(`${content}: ${result.failure.technical}`);
    answers.push({ text, promptTokens: result.value.figures.promptTokens });
  }
  return answers;
}

it('answers every question of the Guide as the engine of the browser does, counted alike', async () => {
  if (guide.source.kind !== 'built-in') throw new Error('the Guide is built in');
  const weights = await (await fetch(`/${guide.source.path}`)).blob();
  const own = await answersOf({ modelId: guide.id, engine: 'cpu', files: [weights], contextTokens: 1024 });
  const native = await answersOf({
    modelId: 'served',
    engine: 'server',
    files: [],
    server: { kind: 'llama-server', address: `${__NATIVE_SERVER__}/v1`, model: 'guide' },
  });
  expect(questions.length).toBeGreaterThanOrEqual(20);
  const textsOf = (answers: readonly Answered[]) => answers.map(({ text }, index) => [questions[index], text]);
  expect(textsOf(native)).toEqual(textsOf(own));
  expect(native.map(({ promptTokens }) => promptTokens)).toEqual(own.map(({ promptTokens }) => promptTokens));
});

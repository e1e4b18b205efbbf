/// <reference lib="webworker" />
import './restrict-scope';
import type { MarkdownAnswer, MarkdownRequest } from '../src/shared/protocol/markdown';
import { recordRequests } from '../src/shared/platform/record-requests';
import { RequestLog } from '../src/shared/platform/request-log';
import { answerSelfTest } from './answer-self-test';
import { finish } from './markdown/finish';
import { LoadedFinishers } from './markdown/load-finishers';
import { render } from './markdown/render';

recordRequests(new RequestLog('markdown'));
answerSelfTest('markdown');

const send = (answer: MarkdownAnswer): void => self.postMessage(answer);
const parts = new LoadedFinishers(() => send({ finishable: true }));

async function answer(request: MarkdownRequest): Promise<MarkdownAnswer> {
  try {
    const reply = render(request);
    const { finishers, awaited } = await parts.for(reply.blocks);
    return finish(reply, finishers, awaited);
  } catch {
    // One strange text must not end the worker that the others need.
    return { id: request.id, failed: true };
  }
}

self.onmessage = async ({ data }: MessageEvent<MarkdownRequest>): Promise<void> => send(await answer(data));

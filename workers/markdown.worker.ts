/// <reference lib="webworker" />
import './restrict-scope';
import { expose } from 'comlink';
import type { MarkdownApi, MarkdownEvent } from '../src/shared/protocol/markdown';
import { recordRequests } from '../src/shared/platform/record-requests';
import { RequestLog } from '../src/shared/platform/request-log';
import type { WorkerEvent } from '../src/shared/platform/worker-handle';
import { answerSelfTest } from './answer-self-test';
import { finish } from './markdown/finish';
import { LoadedFinishers } from './markdown/load-finishers';
import { render } from './markdown/render';

recordRequests(new RequestLog('markdown'));
answerSelfTest('markdown');

const tell = (event: MarkdownEvent): void => self.postMessage({ event } satisfies WorkerEvent<MarkdownEvent>);
const parts = new LoadedFinishers(() => tell('finishable'));

const api: MarkdownApi = {
  async render(request) {
    const reply = render(request);
    const { finishers, awaited } = await parts.for(reply.blocks);
    return finish(reply, finishers, awaited);
  },
};
expose(api);

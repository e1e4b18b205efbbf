/// <reference lib="webworker" />
import './restrict-scope';
import type { MarkdownAnswer, MarkdownRequest } from '../src/contracts/markdown';
import { recordRequests } from '../src/contracts/record-requests';
import { RequestLog } from '../src/contracts/request-log';
import { answerSelfTest } from './answer-self-test';
import { render } from './markdown/render';

recordRequests(new RequestLog('markdown'));
answerSelfTest('markdown');

function answer(request: MarkdownRequest): MarkdownAnswer {
  try {
    return render(request);
  } catch {
    // Nested a thousand deep, for instance. One strange text must not end the worker that the others need.
    return { id: request.id, failed: true };
  }
}

self.onmessage = ({ data }: MessageEvent<MarkdownRequest>): void => self.postMessage(answer(data));

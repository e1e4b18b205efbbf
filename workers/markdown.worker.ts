/// <reference lib="webworker" />
import type { MarkdownAnswer, MarkdownRequest } from '../src/contracts/markdown';
import { render } from './markdown/render';

function answer(request: MarkdownRequest): MarkdownAnswer {
  try {
    return render(request);
  } catch {
    // Nested a thousand deep, for instance. One strange text must not end the worker that the others need.
    return { id: request.id, failed: true };
  }
}

self.onmessage = ({ data }: MessageEvent<MarkdownRequest>): void => self.postMessage(answer(data));

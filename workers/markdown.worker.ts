/// <reference lib="webworker" />
import type { MarkdownRequest } from '../src/contracts/markdown';
import { render } from './markdown/render';

self.onmessage = ({ data }: MessageEvent<MarkdownRequest>): void => self.postMessage(render(data));

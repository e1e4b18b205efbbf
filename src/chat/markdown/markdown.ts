import type { Remote } from 'comlink';
import workerUrl from '../../../workers/markdown.worker.ts?worker&url';
import type { MarkdownApi, MarkdownEvent, MarkdownReply, MarkdownRequest } from '../../shared/protocol/markdown';
import { startWorker } from '../../shared/platform/trusted-worker';
import { WorkerHandle } from '../../shared/platform/worker-handle';
import { MathStyles } from './math-styles';

/** A worker that dies over and over is not started again: plain text is better than a page that stutters. */
const mostDeaths = 3;
/** How long until a worker whose script did not come is asked for again, in ms. */
const absenceMs = 3000;

/** The page's side of the markdown worker. */
export class Markdown {
  readonly #worker = new WorkerHandle<MarkdownApi, MarkdownEvent>({
    start: () => startWorker(workerUrl, 'markdown'),
    name: 'the markdown worker',
    crashed: 'unexpected',
    hear: () => this.#tryUnfinished(),
    ended: ({ kind }) => {
      // That a script does not arrive is no fault of the text, and passes.
      if (kind === 'part-unreachable') this.#notBefore = performance.now() + absenceMs;
      else this.#deaths += 1;
    },
  });
  #deaths = 0;
  /** It is not asked for again at each token; in ms of `performance.now()`. */
  #notBefore = 0;
  #last: Promise<unknown> = Promise.resolve();
  readonly #mathStyles = new MathStyles();
  readonly #unfinished = new Set<() => void>();

  /** True while there is a point in asking again. */
  get works(): boolean {
    return this.#deaths < mostDeaths;
  }

  /** Starts the worker before it is needed: the network may be gone by then. */
  prepare(): void {
    this.#start();
  }

  /** Resolves with null where the text cannot be rendered; the caller shows it plain. Never rejects. */
  render(request: MarkdownRequest): Promise<MarkdownReply | null> {
    const reply = this.#rendered(this.#start(), request);
    this.#last = reply;
    return reply;
  }

  /** Calls `again` when a part of the worker has come for which an unfinished reply did not wait. */
  onceFinishable(again: () => void): void {
    this.#unfinished.add(again);
  }

  /** Resolves when all that has been asked for is rendered: the worker does one thing after the other. */
  async quiet(): Promise<void> {
    await this.#last;
  }

  #start(): Remote<MarkdownApi> | null {
    if (!this.works || performance.now() < this.#notBefore) return null;
    try {
      return this.#worker.start();
    } catch {
      this.#deaths = mostDeaths;
      return null;
    }
  }

  async #rendered(worker: Remote<MarkdownApi> | null, request: MarkdownRequest): Promise<MarkdownReply | null> {
    // One strange text, or the end of the worker, is no error of the page: it is shown plain.
    const reply = (await worker?.render(request).catch(() => null)) ?? null;
    if (reply?.math) await this.#mathStyles.ready();
    return reply;
  }

  #tryUnfinished(): void {
    const waiting = [...this.#unfinished];
    this.#unfinished.clear();
    for (const again of waiting) again();
  }
}

/** One for all texts of the page. */
export const markdown = new Markdown();

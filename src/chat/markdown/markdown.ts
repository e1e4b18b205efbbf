import workerUrl from '../../../workers/markdown.worker.ts?worker&url';
import type { MarkdownAnswer, MarkdownReply, MarkdownRequest } from '../../shared/protocol/markdown';
import { startWorker } from '../../shared/platform/trusted-worker';
import { MathsStyles } from './maths-styles';

/** A worker that dies over and over is not started again: plain text is better than a page that stutters. */
const mostDeaths = 3;
/** How long until a worker whose script did not come is asked for again, in ms. */
const absenceMs = 3000;

/** The page's side of the markdown worker. */
export class Markdown {
  #worker: Worker | null = null;
  #deaths = 0;
  /** It is not asked for again at each token; in ms of `performance.now()`. */
  #notBefore = 0;
  #lastId = 0;
  #last: Promise<unknown> = Promise.resolve();
  readonly #mathsStyles = new MathsStyles();
  readonly #unfinished = new Set<() => void>();
  readonly #waiting = new Map<number, (reply: MarkdownReply | null) => void>();

  /** True while there is a point in asking again. */
  get works(): boolean {
    return this.#deaths < mostDeaths;
  }

  /** Starts the worker before it is needed: the network may be gone by then. */
  prepare(): void {
    this.#start();
  }

  /** Resolves with null where the text cannot be rendered; the caller shows it plain. Never rejects. */
  render(request: Omit<MarkdownRequest, 'id'>): Promise<MarkdownReply | null> {
    const worker = this.#start();
    if (!worker) return Promise.resolve(null);
    const id = ++this.#lastId;
    const reply = new Promise<MarkdownReply | null>((resolve) => {
      this.#waiting.set(id, resolve);
      worker.postMessage({ ...request, id } satisfies MarkdownRequest);
    });
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

  #start(): Worker | null {
    if (this.#worker || !this.works || performance.now() < this.#notBefore) return this.#worker;
    try {
      const worker = startWorker(workerUrl, 'markdown');
      worker.onmessage = ({ data }: MessageEvent<MarkdownAnswer>): void => void this.#take(data);
      worker.onerror = (event: Partial<ErrorEvent> & Event): void => {
        // Not an error of the page: the text is shown plain.
        event.preventDefault();
        // An event without words: its script did not arrive. That is no fault of the text, and passes.
        if (event.message) this.#deaths += 1;
        else this.#notBefore = performance.now() + absenceMs;
        this.#bury(worker);
      };
      worker.onmessageerror = (): void => {
        this.#deaths += 1;
        this.#bury(worker);
      };
      this.#worker = worker;
    } catch {
      this.#deaths = mostDeaths;
    }
    return this.#worker;
  }

  async #take(answer: MarkdownAnswer): Promise<void> {
    if ('finishable' in answer) {
      const waiting = [...this.#unfinished];
      this.#unfinished.clear();
      for (const again of waiting) again();
      return;
    }
    const resolve = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('failed' in answer) resolve?.(null);
    else {
      if (answer.maths) await this.#mathsStyles.ready();
      resolve?.(answer);
    }
  }

  #bury(worker: Worker): void {
    worker.terminate();
    this.#worker = null;
    const unanswered = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const resolve of unanswered) resolve(null);
  }
}

/** One for all texts of the page. */
export const markdown = new Markdown();

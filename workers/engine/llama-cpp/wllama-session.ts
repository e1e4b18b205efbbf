/**
 * One wllama with its nested workers, from birth to death. wllama's own promises stay pending for ever when its worker is
 * terminated or cannot start; everything awaited here is raced against the end of the session, so nothing can hang.
 */
import {
  type CacheManager,
  LogLevel,
  Wllama,
  type LoadedContextInfo,
  type LoadModelParams,
  type WllamaCompat,
} from '@wllama/wllama/esm/index.js';
import wasmPath from '@wllama/wllama/esm/wasm/wllama.wasm?url';
import { type Failure, FailureError } from '../../../src/shared/protocol/failure';
import type { LlamaCppFacts } from '../../../src/shared/platform/llama-cpp-facts';
import { loadPart } from '../../load-part';
import { GpuReport } from './gpu-report';
import { llamaFailure } from './llama-failure';

const keptLogLines = 12;

/** For wllama's own downloads, of which there are none. Its usual one throws where the browser has no file system: without HTTPS. */
const noDownloads = {} as CacheManager;

/** What wllama tells of a load; `success` is false where `loadModel` resolves for a file that llama.cpp refused. */
type LoadReport = LoadedContextInfo & { readonly success?: boolean };

export class WllamaSession {
  readonly #log: string[] = [];
  readonly #gpu = new GpuReport();
  readonly #wllama: Wllama;
  #end: (reason: Error) => void = () => undefined;
  readonly #ended: Promise<never>;
  #open = true;
  readonly #uncaught = new AbortController();

  private constructor(compat: WllamaCompat | null) {
    this.#ended = new Promise<never>((_, reject) => (this.#end = reject));
    // Nobody may be waiting when it ends.
    this.#ended.catch(() => undefined);
    const keep = (...parts: unknown[]): void => this.#keep(parts);
    // Plain lines are mostly chatter; a failed assertion, though, is told in one before the engine dies of it.
    const keepLastWords = (...parts: unknown[]): void => {
      const line = String(parts[0]);
      this.#gpu.read(line);
      // The second try may succeed; and Firefox calls a binary that is cut off "out of memory".
      if (line.startsWith('wasm streaming compile failed')) return;
      if (/assert|abort|memory|prepare wasm/i.test(line)) this.#keep(parts);
    };
    this.#wllama = new Wllama(
      { default: new URL(wasmPath, self.location.href).href },
      {
        logger: { debug: keepLastWords, log: keepLastWords, warn: keepLastWords, error: keep },
        cacheManager: noDownloads,
      },
    );
    // The default is a build on a CDN, chosen by the browser's name; this app makes no request to anyone.
    this.#wllama.setCompat(compat, 'firefox_safari');
    // wllama stumbles over its own report when its binary cannot be fetched or compiled: it takes the exception for a text.
    self.addEventListener('error', (event) => this.#stumbled(event), { signal: this.#uncaught.signal });
  }

  /** @throws FailureError `part-unreachable` when its code cannot be fetched */
  static async open({ build, memoryBytes }: LlamaCppFacts): Promise<WllamaSession> {
    if (build === 'main') return new WllamaSession(null);
    const { compatFiles } = await loadPart(() => import('./compat-files'));
    return new WllamaSession(compatFiles(memoryBytes));
  }

  get isOpen(): boolean {
    return this.#open;
  }

  get wllama(): Wllama {
    return this.#wllama;
  }

  /** What llama.cpp told of the GPU while it loaded. */
  get gpu(): GpuReport {
    return this.#gpu;
  }

  /** @param tellsGpu whether to hear what llama.cpp does with the GPU: it is told among much chatter */
  async load(files: Blob[], parameters: LoadModelParams, tellsGpu: boolean): Promise<LoadedContextInfo> {
    const level = tellsGpu ? LogLevel.INFO : LogLevel.ERROR;
    await this.race(this.#wllama.loadModel(files, { log_level: level, ...parameters }));
    const report: LoadReport = this.#wllama.getLoadedContextInfo();
    if (report.success === false || report.n_vocab === 0)
      throw new FailureError(this.failure(new Error('llama.cpp did not load the model')));
    return report;
  }

  /** The outcome of `work`, or the reason why the session ended before it. */
  race<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#ended]);
  }

  failure(error: unknown): Failure {
    return llamaFailure(error, this.#log);
  }

  /** Lines of the past must not explain the failures of the next call. */
  forgetLog(): void {
    this.#log.length = 0;
  }

  /** Terminates the nested workers, which gives their memory back. Everything awaited rejects with `reason`. */
  async close(reason: Error): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    this.#uncaught.abort();
    this.#end(reason);
    // Between two microtasks wllama may be about to create its worker, which a terminate now would miss.
    await new Promise((resolve) => setTimeout(resolve));
    await this.#wllama.exit();
  }

  #stumbled(event: ErrorEvent): void {
    // Told here, so that it does not end the whole engine worker.
    event.preventDefault();
    void this.close(new FailureError(this.failure(new Error(event.message))));
  }

  #keep(parts: unknown[]): void {
    // A worker that cannot start, or dies, is only ever told to the logger, as an event.
    const event = parts.find((part) => part instanceof Event);
    if (event) {
      const message = event instanceof ErrorEvent && event.message ? event.message : 'could not be started';
      void this.close(
        new FailureError({ kind: 'workers-unavailable', technical: `the worker of llama.cpp: ${message}` }),
      );
      return;
    }
    this.#log.push(
      parts
        .map((part) => (part instanceof Error ? part.message : typeof part === 'string' ? part : JSON.stringify(part)))
        .join(' '),
    );
    if (this.#log.length > keptLogLines) this.#log.shift();
  }
}

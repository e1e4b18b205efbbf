import type { GenerationFigures } from '../../src/shared/protocol/engine';
import type { TokenSink } from './engine';

/** Time between two batches of text after the first, in ms: fast for the eye, and a message rate that a busy page can bear. */
const batchIntervalMs = 40;

interface BatchListener {
  text(text: string, tokens: number): void;
  prefillProgress(processed: number, total: number): void;
}

/**
 * Stamps tokens when they arrive in the worker and sends them on in batches: the first token at once, because it is what a
 * person waits for, later ones about every 40 ms. The page never asks for tokens, so its jank cannot slow the engine.
 */
export class TokenBatcher implements TokenSink {
  #pending = '';
  #tokens = 0;
  #firstTokenAt: number | null = null;
  #lastTokenAt = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    readonly requestedAt: number,
    private readonly listener: BatchListener,
  ) {}

  token(text: string): void {
    this.#lastTokenAt = performance.now();
    this.#tokens += 1;
    this.#pending += text;
    if (this.#firstTokenAt === null) {
      this.#firstTokenAt = this.#lastTokenAt;
      this.flush();
    } else {
      this.#timer ??= setTimeout(() => this.flush(), batchIntervalMs);
    }
  }

  prefillProgress(processed: number, total: number): void {
    this.listener.prefillProgress(processed, total);
  }

  /** Sends what is waiting. The host calls it at the end, before the outcome. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#pending === '') return;
    const text = this.#pending;
    this.#pending = '';
    this.listener.text(text, this.#tokens);
  }

  figures(promptTokens: number, reusedTokens: number): GenerationFigures {
    const first = this.#firstTokenAt;
    return {
      promptTokens,
      reusedTokens,
      completionTokens: this.#tokens,
      timeToFirstTokenMs: first === null ? 0 : first - this.requestedAt,
      decodeMs: first === null ? 0 : this.#lastTokenAt - first,
    };
  }
}

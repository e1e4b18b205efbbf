/** Follows the pieces of one answer and turns them into single tokens, without what the page is not to see. */
import type { TokenSink } from '../engine';
import { emptyThought } from './prompt-text';

export interface AnswerTextOptions {
  /** An opened "<think>" that the template puts into the prompt, and the model therefore does not say. */
  readonly opening: string;
  /** Whether WebLLM begins the text with an empty thought of its own. */
  readonly emptyThought: boolean;
  /** WebLLM sends the beginning of a stop string before it knows that it is one. */
  readonly stop: readonly string[];
}

export class AnswerText {
  /** All that WebLLM has sent. */
  #raw = '';
  /** Characters of it that have been given on, or stripped. */
  #given = 0;
  #shown = '';
  #tokens = 0;
  #opening: string;

  constructor(
    private readonly sink: TokenSink,
    private readonly options: AnswerTextOptions,
  ) {
    this.#opening = options.opening;
  }

  /** What the page was given. */
  get shown(): string {
    return this.#shown;
  }

  get tokens(): number {
    return this.#tokens;
  }

  /** @param tokens generated so far, where the engine tells */
  piece(text: string, tokens: number | null): void {
    this.#raw += text;
    this.#skipEmptyThought();
    this.#silentTokens((tokens ?? this.#tokens + 1) - 1);
    this.#token(this.#take(this.#safeEnd()));
  }

  /**
   * @param raw the whole text as WebLLM ended it: cut before a stop string, and with what it had held back
   * @param tokens all of them, the end-of-turn token included
   */
  finish(raw: string, tokens: number): void {
    this.#raw = raw;
    this.#skipEmptyThought();
    const rest = raw.length > this.#given ? this.#take(raw.length) : '';
    this.#silentTokens(tokens - 1);
    if (this.#tokens < tokens || rest !== '') this.#token(rest);
  }

  #skipEmptyThought(): void {
    if (this.options.emptyThought && this.#given === 0 && this.#raw.startsWith(emptyThought))
      this.#given = emptyThought.length;
  }

  /** Up to where the text cannot be the beginning of a stop string. */
  #safeEnd(): number {
    const { stop } = this.options;
    const longest = stop.reduce((length, word) => Math.max(length, word.length - 1), 0);
    for (let length = Math.min(longest, this.#raw.length - this.#given); length > 0; length -= 1) {
      const tail = this.#raw.slice(-length);
      if (stop.some((word) => word.startsWith(tail))) return this.#raw.length - length;
    }
    return this.#raw.length;
  }

  #take(end: number): string {
    const text = this.#raw.slice(this.#given, end);
    this.#given = Math.max(this.#given, end);
    if (text === '') return '';
    const opened = this.#opening + text;
    this.#opening = '';
    return opened;
  }

  #token(text: string): void {
    this.#tokens += 1;
    this.#shown += text;
    this.sink.token(text);
  }

  #silentTokens(upTo: number): void {
    while (this.#tokens < upTo) this.#token('');
  }
}

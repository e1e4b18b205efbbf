/** Finds the values in a long JSON text without parsing it: each is handed on as a text of its own. */
import type { ImportProblem } from '../../src/shared/protocol/chat-files';

/** One value, as text, or why there is none. */
export type Piece =
  { readonly place: number; readonly text: string } | { readonly place: number; readonly problem: ImportProblem };

/** A single conversation is never as large as this; a text that is would have to be in memory twice, at least. */
const mostCharacters = 64 * 1024 * 1024;
/** Deeper than anything that a program writes for a chat, and safe for everything that walks through it. */
export const deepest = 64;

const quote = 34;
const backslash = 92;
const comma = 44;
const isOpening = (code: number): boolean => code === 91 || code === 123;
const isClosing = (code: number): boolean => code === 93 || code === 125;
const isSpace = (code: number): boolean => code === 32 || code === 10 || code === 13 || code === 9;

/** How deeply arrays and objects are nested in a JSON text. */
export function nestingOf(text: string): number {
  let depth = 0;
  let most = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === backslash) at += 1;
      else if (code === quote) inString = false;
    } else if (code === quote) inString = true;
    else if (isOpening(code)) most = Math.max(most, (depth += 1));
    else if (isClosing(code)) depth -= 1;
  }
  return most;
}

/** Lines, without the empty ones. */
export async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<Piece> {
  let pieces: string[] = [];
  let length = 0;
  let place = 0;
  const line = (): Piece | null => {
    const text = pieces.join('');
    const tooLarge = length > mostCharacters;
    pieces = [];
    length = 0;
    place += 1;
    if (tooLarge) return { place, problem: 'too-large' };
    return text.trim() === '' ? null : { place, text };
  };
  const add = (text: string): void => {
    length += text.length;
    if (length <= mostCharacters) pieces.push(text);
    else pieces = [];
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf('\n'); end !== -1; end = chunk.indexOf('\n', start)) {
      add(chunk.slice(start, end));
      const whole = line();
      if (whole) yield whole;
      start = end + 1;
    }
    add(chunk.slice(start));
  }
  const last = line();
  if (last) yield last;
}

/** The elements of a text that is one array; the text itself where it is anything else. */
export class ValueScanner {
  #pieces: string[] = [];
  #length = 0;
  #depth = 0;
  #most = 0;
  #inString = false;
  #escaped = false;
  #inArray: boolean | null = null;
  #begun = false;
  #place = 0;

  /** @returns the values that end in this part of the text */
  take(chunk: string): readonly Piece[] {
    const found: Piece[] = [];
    let start = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const code = chunk.charCodeAt(at);
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (code === backslash) this.#escaped = true;
        else if (code === quote) this.#inString = false;
        continue;
      }
      if (this.#inArray === null) {
        if (isSpace(code) || code === 0xfeff) continue;
        this.#inArray = code === 91;
        start = this.#inArray ? at + 1 : at;
        if (this.#inArray) continue;
      }
      if (code === quote) {
        this.#inString = true;
        this.#begun = true;
      } else if (isOpening(code)) {
        this.#depth += 1;
        this.#most = Math.max(this.#most, this.#depth);
        this.#begun = true;
      } else if (this.#inArray && this.#depth === 0 && (code === comma || code === 93)) {
        this.#add(chunk.slice(start, at));
        this.#finish(found);
        start = at + 1;
        // What comes behind the end of the array is nothing of ours.
        if (code === 93) this.#inArray = false;
      } else if (isClosing(code)) this.#depth -= 1;
      else if (!isSpace(code)) this.#begun = true;
    }
    if (this.#inArray !== null) this.#add(chunk.slice(start));
    return found;
  }

  /** What is left when the text has ended. */
  end(): readonly Piece[] {
    const found: Piece[] = [];
    this.#finish(found);
    return found;
  }

  #add(text: string): void {
    this.#length += text.length;
    if (this.#length <= mostCharacters) this.#pieces.push(text);
    else this.#pieces = [];
  }

  #finish(found: Piece[]): void {
    if (this.#begun) {
      this.#place += 1;
      const place = this.#place;
      if (this.#length > mostCharacters) found.push({ place, problem: 'too-large' });
      else if (this.#most > deepest) found.push({ place, problem: 'nested-too-deeply' });
      else found.push({ place, text: this.#pieces.join('') });
    }
    this.#pieces = [];
    this.#length = 0;
    this.#most = 0;
    this.#depth = 0;
    this.#begun = false;
  }
}

export async function* valuesOf(chunks: AsyncIterable<string>): AsyncGenerator<Piece> {
  const scanner = new ValueScanner();
  for await (const chunk of chunks) yield* scanner.take(chunk);
  yield* scanner.end();
}

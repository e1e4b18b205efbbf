/**
 * From what a model says of a sound to the text alone. Qwen3-ASR says the language first ("language English<asr_text>"), and a
 * long sound comes in windows, whose texts are put together here.
 */
const preambles = /^\s*language\s+[\p{L} ]{1,40}<asr_text>\s*/u;
const opening = 'language ';
/** As long as a preamble can be. */
const longestPreamble = 64;
/** Chinese and Japanese put nothing between sentences. */
const withoutBlanks = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]/u;

export class Transcript {
  #text = '';
  #held = '';
  #isOpen = false;

  /** @param put gets the pieces of the text as they become certain */
  constructor(private readonly put: (text: string) => void) {}

  get text(): string {
    return this.#text;
  }

  /** Before the pieces of each window. */
  openWindow(): void {
    this.closeWindow();
    this.#isOpen = true;
  }

  piece(text: string): void {
    if (!this.#isOpen) return this.#append(text);
    this.#held += text;
    const start = this.#held.trimStart();
    const mayBePreamble = opening.startsWith(start) || (start.startsWith(opening) && start.length < longestPreamble);
    if (preambles.test(this.#held) || !mayBePreamble) this.closeWindow();
  }

  /** After the pieces of each window: what was held back is text after all, or is none. */
  closeWindow(): void {
    const held = this.#held.replace(preambles, '').trimStart();
    this.#held = '';
    if (held === '') return;
    this.#isOpen = false;
    const before = this.#text.at(-1) ?? '';
    const joins = before === '' || /\s/.test(before) || withoutBlanks.test(before) || withoutBlanks.test(held[0] ?? '');
    this.#append(joins ? held : ` ${held}`);
  }

  #append(text: string): void {
    if (text === '') return;
    this.#text += text;
    this.put(text);
  }
}

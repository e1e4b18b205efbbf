/** Byte-level BPE (`gpt2`): words become bytes, and bytes are merged. */
import type { Metadata } from '../../../gguf/gguf-header';
import { byteLetters } from './byte-letters';
import { mergeSymbols } from './merge-symbols';
import { PairTable } from './pair-table';
import { takesWholeWords, wordsOf } from './pre-tokenizer';
import { textList, unknownTokenizer, type Vocabulary } from './vocabulary';

/** Words that are remembered, and the longest of them in UTF-16 units: most of a text are words that it had before. */
const mostWords = 20_000;
const longestWord = 64;
/** Words between two chances to stop. */
const wordsPerStep = 1024;

export class BytePairs {
  readonly #table: PairTable;
  readonly #words: (text: string) => Iterable<string>;
  readonly #wholeWords: boolean;
  readonly #bytes: Int32Array;
  /** Texts that take part in merges, but are no tokens themselves: their numbers follow those of the tokens. */
  readonly #others = new Map<string, number>();
  readonly #otherTexts: string[] = [];
  readonly #known = new Map<string, readonly number[]>();
  readonly #encoder = new TextEncoder();

  constructor(
    private readonly vocabulary: Vocabulary,
    metadata: Metadata,
    pre: string,
  ) {
    this.#words = wordsOf(pre);
    this.#wholeWords = takesWholeWords.has(pre);
    const merges = textList(metadata, 'tokenizer.ggml.merges');
    if (merges.length === 0) unknownTokenizer('it has no merges');
    this.#table = new PairTable(merges.length);
    let made = 255;
    for (const [rank, merge] of merges.entries()) {
      const middle = merge.indexOf(' ', 1);
      if (middle < 0) continue;
      const left = merge.slice(0, middle);
      const right = merge.slice(middle + 1);
      // Most vocabularies list what merges make in the order of the merges; to look it up would make each text anew.
      const guess = this.vocabulary.texts[made + 1] ?? '';
      const isNext = guess.length === left.length + right.length && guess.startsWith(left) && guess.endsWith(right);
      made = isNext ? made + 1 : this.#symbol(left + right);
      this.#table.add(this.#symbol(left), this.#symbol(right), rank, made);
    }
    this.#bytes = Int32Array.from(byteLetters, (letter) => this.#symbol(letter));
  }

  /** Appends the tokens of a text without control tokens. */
  *encode(text: string, tokens: number[]): Generator<void, void> {
    let words = 0;
    for (const word of this.#words(text)) {
      let found = this.#known.get(word);
      if (!found) {
        found = yield* this.#word(word);
        if (this.#known.size >= mostWords) this.#known.clear();
        if (word.length <= longestWord) this.#known.set(word, found);
      }
      for (const token of found) tokens.push(token);
      words += 1;
      if (words % wordsPerStep === 0) yield;
    }
  }

  *#word(word: string): Generator<void, readonly number[]> {
    const bytes = this.#encoder.encode(word);
    if (this.#wholeWords && word.length <= longestWord) {
      const whole = this.vocabulary.ids.get(Array.from(bytes, (byte) => byteLetters[byte]).join(''));
      if (whole !== undefined) return [whole];
    }
    const symbols = new Int32Array(bytes.length);
    for (let at = 0; at < bytes.length; at += 1) symbols[at] = this.#bytes[bytes[at] ?? 0] ?? 0;
    const table = this.#table;
    const rankOf = (left: number, right: number): number => table.rankOf(symbols[left] ?? 0, symbols[right] ?? 0);
    const rest = yield* mergeSymbols({
      length: symbols.length,
      rankOf,
      join: (left, right) => void (symbols[left] = table.made(rankOf(left, right))),
    });
    const tokens: number[] = [];
    for (const index of rest) {
      const symbol = symbols[index] ?? 0;
      if (symbol < this.vocabulary.size) tokens.push(symbol);
      else tokens.push(...this.#lettersOf(symbol));
    }
    return tokens;
  }

  #symbol(text: string): number {
    const known = this.vocabulary.ids.get(text) ?? this.#others.get(text);
    if (known !== undefined) return known;
    const added = this.vocabulary.size + this.#otherTexts.length;
    this.#others.set(text, added);
    this.#otherTexts.push(text);
    return added;
  }

  /** Of what is no token, llama.cpp keeps the letters that are: the rest is lost, as it is to models without tokens for all bytes. */
  #lettersOf(symbol: number): number[] {
    const text = this.#otherTexts[symbol - this.vocabulary.size] ?? '';
    return [...text].flatMap((letter) => (letter < '\x80' ? (this.vocabulary.ids.get(letter) ?? []) : []));
  }
}

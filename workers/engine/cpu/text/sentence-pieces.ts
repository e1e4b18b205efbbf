/** SentencePiece's BPE (`llama`): letters are merged by the scores of the pieces they make; what has no piece becomes bytes. */
import type { Metadata } from '../../../gguf/gguf-header';
import { mergeSymbols } from './merge-symbols';
import { numberList, tokenTypes, unknownTokenizer, type Vocabulary } from './vocabulary';

const writtenBlank = '\u2581';
/** Pieces between two chances to stop. */
const piecesPerStep = 4096;

export class SentencePieces {
  /** The best score has rank 0, equal scores have equal ranks. */
  readonly #ranks: Int32Array;
  readonly #bytes: Int32Array;
  readonly #opensWithBlank: boolean;
  readonly #unknown: number;
  readonly #encoder = new TextEncoder();

  constructor(
    private readonly vocabulary: Vocabulary,
    metadata: Metadata,
  ) {
    const scores = numberList(metadata, 'tokenizer.ggml.scores') ?? [];
    if (scores.length < vocabulary.size) unknownTokenizer('its pieces have no scores');
    this.#ranks = ranksOf(scores.slice(0, vocabulary.size));
    const unknown = vocabulary.idOf('unk', 0) ?? 0;
    this.#unknown = unknown;
    this.#bytes = Int32Array.from({ length: 256 }, (_, byte) => {
      const hex = byte.toString(16).toUpperCase().padStart(2, '0');
      return vocabulary.ids.get(`<0x${hex}>`) ?? vocabulary.ids.get(String.fromCharCode(byte)) ?? unknown;
    });
    this.#opensWithBlank = metadata.get('tokenizer.ggml.add_space_prefix') !== false;
  }

  /** @param opens whether nothing, or a control token, stands before this text */
  *encode(text: string, opens: boolean, tokens: number[]): Generator<void, void> {
    const written = (opens && this.#opensWithBlank ? ' ' : '') + text;
    const whole = written.replaceAll(' ', writtenBlank);
    const starts: number[] = [];
    for (let at = 0; at < whole.length; at += (whole.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) starts.push(at);
    const ends = starts.map((_, index) => starts[index + 1] ?? whole.length);
    const pieceOf = (left: number, right: number): number | undefined =>
      this.vocabulary.ids.get(whole.slice(starts[left], ends[right]));
    const rest = yield* mergeSymbols({
      length: starts.length,
      rankOf: (left, right) => {
        const piece = pieceOf(left, right);
        return piece === undefined ? -1 : (this.#ranks[piece] ?? -1);
      },
      join: (left, right) => void (ends[left] = ends[right] ?? whole.length),
    });
    for (const [count, index] of rest.entries()) {
      const piece = pieceOf(index, index);
      if (piece !== undefined) tokens.push(piece);
      else
        for (const byte of this.#encoder.encode(whole.slice(starts[index], ends[index])))
          tokens.push(this.#bytes[byte] ?? this.#unknown);
      if (count % piecesPerStep === piecesPerStep - 1) yield;
    }
  }

  /** What a piece stands for. */
  bytesOf(token: number): Uint8Array {
    const text = this.vocabulary.texts[token] ?? '';
    if (this.vocabulary.types[token] === tokenTypes.byte) return Uint8Array.of(Number.parseInt(text.slice(3, 5), 16));
    if (this.vocabulary.types[token] === tokenTypes.userDefined) return this.#encoder.encode(text);
    return this.#encoder.encode(text.replaceAll(writtenBlank, ' '));
  }
}

function ranksOf(scores: readonly number[]): Int32Array {
  const order = Float64Array.from(new Set(scores)).sort().reverse();
  const rankOf = new Map(Array.from(order, (score, rank) => [score, rank] as const));
  return Int32Array.from(scores, (score) => rankOf.get(score) ?? -1);
}

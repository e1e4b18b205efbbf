/**
 * Texts to tokens and back, by what a GGUF says of its tokenizer, with the same tokens that llama.cpp makes.
 *
 * Why not `@huggingface/tokenizers`: it is made for `tokenizer.json`, which a GGUF has not; it cannot be stopped in the middle of a
 * text; and its control tokens count everywhere or nowhere. It is slower, too.
 */
import type { Metadata } from '../../../gguf/gguf-header';
import { bytesOfLetters } from './byte-letters';
import { BytePairs } from './byte-pairs';
import { SentencePieces } from './sentence-pieces';
import { SpecialTokens, type TextPiece } from './special-tokens';
import { tokenTypes, unknownTokenizer, Vocabulary } from './vocabulary';

export interface CpuTokenizer {
  /** Number of tokens. */
  readonly size: number;
  /** Put before every prompt where the model says so; null for most. */
  readonly startToken: number | null;
  /** Put after a text that is not to be continued, where the model says so; null for most. */
  readonly finalToken: number | null;
  /** Tokens that end an answer. */
  readonly endTokens: ReadonlySet<number>;
  /** Texts of the tokens that open a conversation and end a turn, for templates; empty where there are none. */
  readonly startText: string;
  readonly endText: string;
  /**
   * Text to tokens, without the start token.
   * @param special whether control tokens that are written in the text count as such
   */
  encode(text: string, special: boolean): number[];
  /**
   * A prompt to tokens, without the start token, in steps of a few milliseconds: whoever asks can stop between them. The pieces
   * are one text, so that words go on from one into the next.
   */
  encodePieces(pieces: readonly TextPiece[]): Generator<void, number[]>;
  /** UTF-8 bytes that a token stands for, maybe not whole characters; none for control tokens. */
  bytesOf(token: number): Uint8Array;
  isControl(token: number): boolean;
  /** Where in a text the texts of control tokens begin, in UTF-16 units, in order. */
  controlsIn(text: string): readonly number[];
}

const nothing = new Uint8Array();

/** @throws FailureError `model-unknown-architecture` for a tokenizer that is not known, or lists that do not fit together */
export function tokenizerOf(metadata: Metadata): CpuTokenizer {
  const model = metadata.get('tokenizer.ggml.model');
  if (model !== 'gpt2' && model !== 'llama')
    return unknownTokenizer(`unknown tokenizer "${String(model).slice(0, 100)}"`);
  const vocabulary = Vocabulary.from(metadata);
  const specials = new SpecialTokens(vocabulary);
  const isPieces = model === 'llama';
  const pre = preOf(metadata);
  const pieces = isPieces ? new SentencePieces(vocabulary, metadata) : null;
  const pairs = isPieces ? null : new BytePairs(vocabulary, metadata, pre);
  const start = vocabulary.idOf('bos', isPieces ? 1 : 11);
  const end = vocabulary.idOf('eos', isPieces ? 2 : 11);
  if (end !== undefined) vocabulary.endTokens.add(end);
  const addsStart = metadata.get('tokenizer.ggml.add_bos_token') ?? (isPieces || /^(llama|falcon3)/.test(pre));
  const encoder = new TextEncoder();

  function* encodePieces(texts: readonly TextPiece[]): Generator<void, number[]> {
    // Half a surrogate pair, as a cut text may have at its end, is no text.
    const fragments = specials.cut(texts.map(({ text, special }) => ({ text: text.toWellFormed(), special })));
    const tokens: number[] = [];
    let opens = true;
    for (const fragment of fragments) {
      if ('token' in fragment) tokens.push(fragment.token);
      else if (pieces) yield* pieces.encode(fragment.text, opens, tokens);
      else if (pairs) yield* pairs.encode(fragment.text, tokens);
      opens = 'token' in fragment;
    }
    return tokens;
  }

  return {
    size: vocabulary.size,
    startToken: addsStart === true && start !== undefined ? start : null,
    finalToken: metadata.get('tokenizer.ggml.add_eos_token') === true && end !== undefined ? end : null,
    endTokens: vocabulary.endTokens,
    startText: textOf(metadata, vocabulary, 'bos', start),
    endText: textOf(metadata, vocabulary, 'eos', end),
    encode(text, special) {
      const steps = encodePieces([{ text, special }]);
      for (;;) {
        const step = steps.next();
        if (step.done) return step.value;
      }
    },
    encodePieces,
    bytesOf(token) {
      if (vocabulary.isControl(token) || vocabulary.types[token] === tokenTypes.unused) return nothing;
      if (pieces) return pieces.bytesOf(token);
      const text = vocabulary.texts[token] ?? '';
      return vocabulary.types[token] === tokenTypes.userDefined ? encoder.encode(text) : bytesOfLetters(text);
    },
    isControl: (token) => vocabulary.isControl(token),
    controlsIn: (text) => specials.controlsIn(text),
  };
}

const preOf = (metadata: Metadata): string => {
  const pre = metadata.get('tokenizer.ggml.pre');
  return typeof pre === 'string' && pre !== '' ? pre : 'default';
};

const textOf = (metadata: Metadata, { texts }: Vocabulary, purpose: string, id: number | undefined): string =>
  metadata.has(`tokenizer.ggml.${purpose}_token_id`) && id !== undefined ? (texts[id] ?? '') : '';

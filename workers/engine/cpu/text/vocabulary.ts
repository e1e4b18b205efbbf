/** The vocabulary of a GGUF: its tokens, which of them are controls, and which end an answer. */
import { failed, FailureError } from '../../../../src/shared/protocol/failure';
import type { Metadata } from '../../../gguf/gguf-header';

/** Types of tokens in the file format. */
export const tokenTypes = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const;

/** Whatever type a file gives them: these end an answer. */
const endTexts: ReadonlySet<string> = new Set([
  '<|eot_id|>',
  '<|im_end|>',
  '<|end|>',
  '<|return|>',
  '<|call|>',
  '<|flush|>',
  '<|calls|>',
  '<end_of_turn>',
  '<|endoftext|>',
  '<|end_of_text|>',
  '</s>',
  '<|eom_id|>',
  '<EOT>',
  '_<EOT>',
  '[EOT]',
  '[EOS]',
  '<｜end▁of▁sentence｜>',
  '<end_of_utterance>',
  '<eos>',
]);

/** For code that is filled in: controls, although files of Qwen call them words. */
const fillTexts: ReadonlySet<string> = new Set(
  ['prefix', 'suffix', 'middle', 'pad', 'repo'].flatMap((part) => [
    `<|fim_${part}|>`,
    `<fim-${part}>`,
    `<fim_${part}>`,
  ]),
);
const fillMarks: ReadonlySet<string> = new Set(['<|repo_name|>', '<|file_sep|>', '<reponame>']);
/** Those of them after which nothing comes that would belong to an answer. */
const fillEnds: ReadonlySet<string> = new Set([
  '<|fim_pad|>',
  '<fim-pad>',
  '<fim_pad>',
  '<|fim_repo|>',
  '<fim-repo>',
  ...fillMarks,
]);

export function unknownTokenizer(technical: string): never {
  throw new FailureError(failed('model-unknown-architecture', technical).failure);
}

export class Vocabulary {
  readonly ids = new Map<string, number>();
  readonly endTokens = new Set<number>();
  /** Tokens whose text counts as one wherever it is written, or only where controls may be: all that are no ordinary pieces. */
  readonly specials: number[] = [];

  private constructor(
    readonly texts: readonly string[],
    readonly types: Uint8Array,
    private readonly metadata: Metadata,
  ) {
    for (const [id, text] of texts.entries()) this.ids.set(text, id);
    if (this.ids.size < texts.length) unknownTokenizer('its vocabulary names a token twice');
    for (const key of ['eos', 'eot', 'eom']) {
      const id = this.idOf(key);
      if (id !== undefined) this.endTokens.add(id);
    }
    for (const text of endTexts) this.#control(text, true);
    for (const text of [...fillTexts, ...fillMarks]) this.#control(text, fillEnds.has(text));
    for (const [id, type] of types.entries())
      if (type >= tokenTypes.unknown && type <= tokenTypes.userDefined) this.specials.push(id);
  }

  /** @throws FailureError `model-unknown-architecture` for lists that are missing or do not fit together */
  static from(metadata: Metadata): Vocabulary {
    const texts = textList(metadata, 'tokenizer.ggml.tokens');
    if (texts.length === 0) return unknownTokenizer('it has no vocabulary');
    const stated = numberList(metadata, 'tokenizer.ggml.token_type');
    if (stated && stated.length < texts.length) return unknownTokenizer('not all of its tokens have a type');
    const types = stated ? Uint8Array.from(stated.slice(0, texts.length)) : new Uint8Array(texts.length).fill(1);
    return new Vocabulary(
      texts.map((text, id) => (text === '' ? `[EMPTY_${id}]` : text)),
      types,
      metadata,
    );
  }

  get size(): number {
    return this.texts.length;
  }

  /** The token that the file names for a purpose (`bos`, `eos`); undefined where it names none, or one that does not exist. */
  idOf(purpose: string, otherwise?: number): number | undefined {
    const stated = this.metadata.get(
      purpose === 'unk' ? 'tokenizer.ggml.unknown_token_id' : `tokenizer.ggml.${purpose}_token_id`,
    );
    const valid = (id: unknown): id is number => typeof id === 'number' && id >= 0 && id < this.texts.length;
    return valid(stated) ? stated : valid(otherwise) ? otherwise : undefined;
  }

  isControl(id: number): boolean {
    const type = this.types[id];
    return type === tokenTypes.control || type === tokenTypes.unknown;
  }

  #control(text: string, ends: boolean): void {
    const id = this.ids.get(text);
    if (id === undefined) return;
    // "</s>" is a tag of HTML to vocabularies in which it is an ordinary piece.
    if (text === '</s>' && this.types[id] !== tokenTypes.control) return;
    this.types[id] = tokenTypes.control;
    if (ends) this.endTokens.add(id);
  }
}

const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && typeof value[0] === 'string';
const isNumbers = (value: unknown): value is readonly number[] => Array.isArray(value) && typeof value[0] === 'number';

/** Empty where the file has none. */
export function textList(metadata: Metadata, key: string): readonly string[] {
  const value = metadata.get(key);
  return isTexts(value) ? value : [];
}

export function numberList(metadata: Metadata, key: string): readonly number[] | undefined {
  const value = metadata.get(key);
  return isNumbers(value) ? value : undefined;
}

/** thin path: replaced by the text branch */
import { Tokenizer } from '@huggingface/tokenizers';
import { failed, FailureError } from '../../../../src/contracts/failure';
import type { Metadata } from '../../../gguf/gguf-header';

export interface CpuTokenizer {
  readonly size: number;
  readonly startToken: number | null;
  readonly endTokens: ReadonlySet<number>;
  encode(text: string, special: boolean): number[];
  bytesOf(token: number): Uint8Array;
  isControl(token: number): boolean;
}

const byteLevel = (): Map<string, number> => {
  const map = new Map<string, number>();
  let extra = 0;
  for (let byte = 0; byte < 256; byte += 1) {
    const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    map.set(String.fromCharCode(printable ? byte : 256 + extra++), byte);
  }
  return map;
};

export function tokenizerOf(metadata: Metadata): CpuTokenizer {
  const tokens = metadata.get('tokenizer.ggml.tokens') as string[];
  const merges = metadata.get('tokenizer.ggml.merges') as string[];
  const types = metadata.get('tokenizer.ggml.token_type') as number[];
  if (metadata.get('tokenizer.ggml.model') !== 'gpt2')
    throw new FailureError(failed('model-unknown-architecture', 'tokenizer').failure);
  const bytes = byteLevel();
  const added = tokens.flatMap((content, id) =>
    types[id] === 3 || types[id] === 4
      ? [{ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true }]
      : [],
  );
  const tokenizer = new Tokenizer(
    {
      added_tokens: added,
      normalizer: null,
      pre_tokenizer: {
        type: 'Sequence',
        pretokenizers: [
          {
            type: 'Split',
            pattern: {
              Regex:
                "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
            },
            behavior: 'Isolated',
            invert: false,
          },
          { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
        ],
      },
      post_processor: null,
      decoder: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
      model: {
        type: 'BPE',
        dropout: null,
        unk_token: null,
        continuing_subword_prefix: '',
        end_of_word_suffix: '',
        fuse_unk: false,
        byte_fallback: false,
        vocab: Object.fromEntries(tokens.map((text, id) => [text, id])),
        merges,
      },
    } as never,
    {} as never,
  );
  const ends = new Set<number>([Number(metadata.get('tokenizer.ggml.eos_token_id'))]);
  for (const name of ['<|im_end|>', '<|endoftext|>']) {
    const id = tokens.indexOf(name);
    if (id >= 0) ends.add(id);
  }
  return {
    size: tokens.length,
    startToken: null,
    endTokens: ends,
    encode: (text) => tokenizer.encode(text, { add_special_tokens: false }).ids,
    bytesOf: (token) =>
      types[token] === 3 ? new Uint8Array() : Uint8Array.from(tokens[token] ?? '', (c) => bytes.get(c) ?? 63),
    isControl: (token) => types[token] === 3,
  };
}

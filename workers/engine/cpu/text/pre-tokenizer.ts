/**
 * Cuts a text into words before pairs are merged, as the vocabulary was trained: no token reaches from one word into the next.
 * The patterns are those of the models' own tokenizers, with llama.cpp's reading of them. Cases are spelled out and blanks
 * listed: older browsers have no `(?i:…)`, and their `\s` has U+FEFF but not U+0085.
 */
import { unknownTokenizer } from './vocabulary';

const blank = '\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const contractions = "'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD]";
const blanks = `[${blank}]+(?![^${blank}])|[${blank}]+`;
const lines = `[${blank}]*[\\r\\n]+|${blanks}`;

const gpt2 = `'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^${blank}\\p{L}\\p{N}]+|${blanks}`;
const words = (digits: string, letter = '\\p{L}', letters = letter): string =>
  `${contractions}|[^\\r\\n\\p{L}\\p{N}]?${letter}+|${digits}| ?[^${blank}${letters}\\p{N}]+[\\r\\n]*|${lines}`;
const qwen2 = [words('\\p{N}')];
const llama3 = [words('\\p{N}{1,3}')];
const digitsFirst = ['\\p{N}', gpt2];
// The range that begins in the Samaritan block is a misprint of the models' own tokenizers.
const deepSeekAsian = '[\\u4e00-\\u9fa5\\u0800-\\u4e00\\uac00-\\ud7ff]+';

const patterns: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    qwen2,
    'deepseek-r1-qwen': qwen2,
    megrez: qwen2,
    stablelm2: qwen2,
    qwen35: [words('\\p{N}', '[\\p{L}\\p{M}]', '\\p{L}\\p{M}')],
    'llama-bpe': llama3,
    llama3,
    'llama-v3': llama3,
    falcon3: llama3,
    'smaug-bpe': llama3,
    dbrx: llama3,
    glm4: llama3,
    'chatglm-bpe': llama3,
    smollm: digitsFirst,
    starcoder: digitsFirst,
    refact: digitsFirst,
    'command-r': digitsFirst,
    codeshell: digitsFirst,
    exaone: digitsFirst,
    'gpt-2': [gpt2],
    'phi-2': [gpt2],
    mpt: [gpt2],
    olmo: [gpt2],
    default: ['[\\p{P}$+<=>^~|]+', gpt2, '\\p{N}+', '[0-9][0-9][0-9]'],
    'deepseek-coder': ['[\\r\\n]', `[${blank}]?\\p{L}+`, `[${blank}]?\\p{P}+`, deepSeekAsian, '\\p{N}'],
    'deepseek-v3': [
      '\\p{N}{1,3}',
      '[\\u4e00-\\u9fa5\\u3040-\\u309f\\u30a0-\\u30ff]+',
      `[!-/:-@\\[-\`{-~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|${lines}`,
    ],
  }),
);

/** Vocabularies in which a word that is a token is that token, whatever its merges say. */
export const takesWholeWords: ReadonlySet<string> = new Set(['llama-bpe', 'llama3', 'llama-v3', 'falcon3']);

/**
 * @param name `tokenizer.ggml.pre`
 * @throws FailureError `model-unknown-architecture`
 */
export function wordsOf(name: string): (text: string) => Iterable<string> {
  const sources = patterns.get(name) ?? unknownTokenizer(`unknown pre-tokenizer type "${name.slice(0, 100)}"`);
  const expressions = sources.map((source) => new RegExp(source, 'gu'));
  return (text) => split(text, expressions, 0);
}

/** Matches and what lies between them, and each of these again by the next expression. */
function* split(text: string, expressions: readonly RegExp[], index: number): Generator<string> {
  const expression = expressions[index];
  if (!expression) {
    yield text;
    return;
  }
  let end = 0;
  for (const match of text.matchAll(expression)) {
    if (match.index > end) yield* split(text.slice(end, match.index), expressions, index + 1);
    yield* split(match[0], expressions, index + 1);
    end = match.index + match[0].length;
  }
  if (end < text.length) yield* split(text.slice(end), expressions, index + 1);
}

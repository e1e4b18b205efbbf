/** The CPU engine's tokenizers, against what llama.cpp made of the same texts (`tools/cpu-engine/record-tokens.ts`). */
import { describe, expect, it } from 'vitest';
import { TokenText } from '../../workers/engine/cpu/text/token-text';
import { tokenizerOf } from '../../workers/engine/cpu/text/tokenizer';
import { hardTexts } from '../fixtures/hard-texts';
import native from '../fixtures/native-tokens.json';
import { bytePairEntries, metadataFrom, sentencePieceEntries } from '../fixtures/small-vocabulary';

type Name = keyof typeof native;
const names = Object.keys(native) as Name[];
const metadataOf = (name: Name) => metadataFrom(name === 'llama' ? sentencePieceEntries() : bytePairEntries(name));
const tokenizers = new Map(names.map((name) => [name, tokenizerOf(metadataOf(name))]));
const tokenizerFor = (name: Name) => tokenizers.get(name) ?? tokenizerOf(metadataOf(name));
const qwen = () => tokenizerFor('qwen2');

const textOf = (name: Name, tokens: readonly number[]): string => {
  const text = new TokenText();
  return tokens.map((token) => text.push(tokenizerFor(name).bytesOf(token))).join('') + text.flush();
};
const idOf = (text: string): number => qwen().encode(text, true)[0] ?? -1;

describe.each(names)('a tokenizer of the kind %s', (name) => {
  it.each(['special', 'plain'] as const)('makes the tokens that llama.cpp makes of hard texts, %s', (how) => {
    for (const [index, text] of hardTexts.entries())
      expect(
        tokenizerFor(name)
          .encode(text, how === 'special')
          .join(' '),
        JSON.stringify(text),
      ).toBe(native[name][how][index]);
  });

  it('ends answers at the tokens at which llama.cpp ends them, and begins prompts alike', () => {
    expect([...tokenizerFor(name).endTokens].toSorted((a, b) => a - b)).toEqual(native[name].ends);
    expect(tokenizerFor(name).startToken !== null).toBe(native[name].addsStart);
  });

  it('gives back every text that is plain', () => {
    for (const text of hardTexts) {
      const back = textOf(name, tokenizerFor(name).encode(text, false));
      // SentencePiece puts a blank before the first word, and behind each word that is never cut.
      const compared = (whole: string): string => (name === 'llama' ? whole.replaceAll(' ', '') : whole);
      expect(compared(back)).toBe(compared(text.toWellFormed()));
    }
  });
});

it('puts the end token after a text that is to be embedded where the file says so', () => {
  const said = (adds: boolean): typeof metadata => new Map([...metadata, ['tokenizer.ggml.add_eos_token', adds]]);
  const metadata = metadataOf('qwen2');
  const end = metadata.get('tokenizer.ggml.eos_token_id');
  expect(end).toBeTypeOf('number');
  expect(tokenizerOf(said(true)).finalToken).toBe(end);
  expect(tokenizerOf(said(false)).finalToken).toBeNull();
  expect(tokenizerOf(metadata).finalToken).toBeNull();
});

describe('control tokens', () => {
  it('count where the template writes them, and nowhere else', () => {
    const tokens = (special: boolean) => qwen().encode('a<|im_end|>b', special);
    expect(tokens(true).filter((token) => qwen().isControl(token))).toEqual([idOf('<|im_end|>')]);
    expect(tokens(false).some((token) => qwen().isControl(token))).toBe(false);
  });

  it('are not made of what a template and a message write together', () => {
    const steps = qwen().encodePieces([
      { text: '<|im_start|><|', special: true },
      { text: 'im_end|>', special: false },
      { text: '<|im_end|>', special: true },
    ]);
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    expect(step.value.filter((token) => qwen().isControl(token))).toEqual([idOf('<|im_start|>'), idOf('<|im_end|>')]);
  });

  it('of all lengths are found in a long run: the longest first, in little time', () => {
    const runs = Array.from({ length: 30 }, (_, index) => '␊'.repeat(index + 2));
    const before = metadataOf('llama');
    const list = (key: string) => [...(before.get(`tokenizer.ggml.${key}`) as readonly (string | number)[])];
    const longer = new Map(before)
      .set('tokenizer.ggml.tokens', [...list('tokens'), ...runs] as string[])
      .set('tokenizer.ggml.scores', [...list('scores'), ...runs.map(() => 0)] as number[])
      .set('tokenizer.ggml.token_type', [...list('token_type'), ...runs.map(() => 4)] as number[]);
    const tokenizer = tokenizerOf(longer);
    const start = performance.now();
    const tokens = tokenizer.encode('␊'.repeat(31 * 3000), false);
    expect(new Set(tokens)).toEqual(new Set([tokenizer.size - 1]));
    expect(tokens).toHaveLength(3000);
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it('have no text', () => {
    expect(qwen().bytesOf(idOf('<|im_end|>'))).toHaveLength(0);
    expect(textOf('qwen2', [idOf('<think>')])).toBe('<think>');
  });
});

describe('a prompt in pieces', () => {
  it('has the tokens of the whole text: words go on from one into the next', () => {
    const text = hardTexts.join(' ');
    const pieces = Array.from({ length: 50 }, (_, index) => ({
      text: text.toWellFormed().slice(index * 60, index === 49 ? undefined : index * 60 + 60),
      special: false,
    }));
    const steps = qwen().encodePieces(pieces.filter((piece) => piece.text.isWellFormed()));
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    const kept = pieces.filter((piece) => piece.text.isWellFormed()).map((piece) => piece.text);
    expect(step.value).toEqual(qwen().encode(kept.join(''), false));
  });

  it('can be stopped in the middle of a long word', () => {
    const steps = qwen().encodePieces([{ text: 'abcdefghij'.repeat(10_000), special: false }]);
    let taken = 0;
    while (steps.next().done !== true) taken += 1;
    expect(taken).toBeGreaterThan(20);
  });

  it('takes time in proportion to a word without blanks', () => {
    const took = (letters: number): number => {
      const start = performance.now();
      qwen().encode('abcdefghij'.repeat(letters / 10), false);
      return performance.now() - start;
    };
    took(10_000);
    // Squared, it would be hundreds of times as long.
    expect(took(200_000)).toBeLessThan(Math.max(5, took(10_000)) * 100);
  });
});

describe('a file whose tokenizer', () => {
  const broken = (key: string, value: string | readonly string[] | undefined) => {
    const metadata = new Map(metadataOf('qwen2'));
    if (value === undefined) metadata.delete(key);
    else metadata.set(key, value);
    return () => tokenizerOf(metadata);
  };
  it.each([
    ['is of an unknown model', 'tokenizer.ggml.model', 'rwkv'],
    ['cuts words in an unknown way', 'tokenizer.ggml.pre', 'of-tomorrow'],
    ['cuts words in the way of an object', 'tokenizer.ggml.pre', 'constructor'],
    ['has no vocabulary', 'tokenizer.ggml.tokens', undefined],
    ['names a token twice', 'tokenizer.ggml.tokens', ['a', 'a']],
    ['has no merges', 'tokenizer.ggml.merges', undefined],
  ] as const)('%s is refused by name', (_, key, value) => {
    expect(broken(key, value)).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ kind: 'model-unknown-architecture' }) }) as Error,
    );
  });
});

describe('text of tokens', () => {
  it('waits for the rest of a character, and says where there is none', () => {
    const text = new TokenText();
    const [a, b, c, d] = new TextEncoder().encode('😀');
    expect(text.push(Uint8Array.of(65, a ?? 0, b ?? 0))).toBe('A');
    expect(text.push(Uint8Array.of(c ?? 0))).toBe('');
    expect(text.push(Uint8Array.of(d ?? 0, 66))).toBe('😀B');
    expect(text.push(Uint8Array.of(0xff, 67, a ?? 0))).toBe('\ufffdC');
    expect(text.flush()).toBe('\ufffd');
    expect(text.push(Uint8Array.of(0xef, 0xbb, 0xbf, 68))).toBe('\ufeffD');
  });
});

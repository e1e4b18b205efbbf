import { describe, expect, it } from 'vitest';
import type { ChatTurn } from '../../src/shared/protocol/engine';
import { failureOf, valueOf } from '../fixtures/outcomes';
import { LlamaCppProbes, loadRequest } from '../fixtures/llama-cpp-probe';
import { scriptedModel, type ScriptedModelOptions } from '../fixtures/scripted-gguf';
import { blobOf } from '../fixtures/synthetic-gguf';
import { chatMl } from '../fixtures/synthetic-tokenizer';

const question: ChatTurn[] = [{ role: 'user', content: 'Hello?' }];
const script = (options: ScriptedModelOptions) => blobOf(scriptedModel(options));
const looping = () => script({ answer: ['one ', 'two ', 'three '], then: 'repeat' });

const probes = new LlamaCppProbes();

describe('the KV cache', () => {
  it('keeps what the turn before has evaluated', async () => {
    const probe = await probes.startWith(script({ answer: ['Hello', ' world'] }));
    const first = valueOf(await probe.generate({ turns: question }));
    const turns: ChatTurn[] = [
      ...question,
      { role: 'assistant', content: first.text },
      { role: 'user', content: 'And now?' },
    ];
    const second = valueOf(await probe.generate({ turns }));
    // Prompt, answer and the line break after it are known; the answer's own end is not evaluated before it is needed.
    expect(second.reusedTokens).toBeGreaterThanOrEqual(first.promptTokens + 2);
    expect(second.promptTokens).toBeLessThan(first.promptTokens + 10);
    const fresh = valueOf(await probe.generate({ turns, reuseCache: false }));
    expect(fresh).toMatchObject({
      reusedTokens: 0,
      promptTokens: second.promptTokens + second.reusedTokens,
      text: second.text,
    });
  });
});

describe('conversations that were left', () => {
  const about = (letter: string): ChatTurn[] => [{ role: 'user', content: letter.repeat(60) }];
  const greedy = { temperature: 0, maxTokens: 4 };

  it('are at hand when one comes back', async () => {
    const probe = await probes.startWith(looping());
    for (const letter of 'abc') valueOf(await probe.generate({ turns: about(letter), sampling: greedy }));
    expect(valueOf(await probe.generate({ turns: about('a'), sampling: greedy })).promptTokens).toBeLessThan(10);
    expect(await probe.made()).toBe(1);
  });

  it('do not fill the memory', async () => {
    const probe = probes.start('little-memory');
    valueOf(await probe.load(loadRequest(looping())));
    for (const letter of 'abcdef') {
      const first = valueOf(await probe.generate({ turns: about(letter), sampling: greedy }));
      expect(first.text).toBe('one two three one ');
      // Going on with a conversation never starts the model anew.
      const turns: ChatTurn[] = [
        ...about(letter),
        { role: 'assistant', content: first.text },
        { role: 'user', content: 'More' },
      ];
      expect(valueOf(await probe.generate({ turns, sampling: greedy })).reusedTokens).toBeGreaterThan(70);
    }
    expect(await probe.made()).toBe(6);
    expect(await probe.living()).toBe(1);
  });
});

describe('the context window', () => {
  it('refuses a prompt that does not fit, with both numbers, and goes on', async () => {
    const probe = await probes.startWith(script({ answer: ['Hello'] }));
    const failure = failureOf(await probe.generate({ turns: [{ role: 'user', content: 'x'.repeat(900) }] }));
    expect(failure).toMatchObject({ kind: 'context-exceeded', numbers: { promptTokens: 919, contextTokens: 512 } });
    expect(valueOf(await probe.generate({ turns: question })).text).toBe('Hello');
  });

  it('ends an answer that fills it, and keeps the text', async () => {
    const probe = await probes.startWith(looping());
    const answer = valueOf(await probe.generate({ turns: question }));
    expect(answer.finishReason).toBe('context-full');
    expect(answer.promptTokens + answer.tokens.length).toBe(512);
    expect(answer.text.startsWith('one two three one ')).toBe(true);
  });

  it('tells how far the reading of a long prompt has come', async () => {
    const probe = await probes.startWith(script({ answer: ['Hello'] }), { contextTokens: 1024 });
    const { progress } = valueOf(await probe.generate({ turns: [{ role: 'user', content: 'x'.repeat(900) }] }));
    expect(progress.length).toBeGreaterThan(4);
    expect(progress.at(-1)).toEqual([919, 919]);
    expect(progress.map(([processed]) => processed)).toEqual(
      progress.map(([processed]) => processed).toSorted((a, b) => a - b),
    );
  });
});

describe('requests that llama.cpp would crash on', () => {
  const bad: [string, object][] = [
    ['no turns', { turns: [] }],
    ['an unknown role', { turns: [{ role: 'wizard', content: '' }] }],
    ['a turn without text', { turns: [{ role: 'user' }] }],
    [
      'two answers at the end',
      { turns: [...question, { role: 'assistant', content: 'a' }, { role: 'assistant', content: 'b' }] },
    ],
    ['a temperature that is no number', { turns: question, sampling: { temperature: NaN } }],
    ['a negative seed', { turns: question, sampling: { seed: -1 } }],
    ['an empty stop string', { turns: question, sampling: { stop: [''] } }],
    ['no token wanted', { turns: question, sampling: { maxTokens: 0 } }],
  ];
  it('are refused, and the engine goes on', async () => {
    const probe = await probes.startWith(script({ answer: ['Hello'] }));
    for (const [name, request] of bad) {
      const failure = failureOf(await probe.generate(request as Parameters<typeof probe.generate>[0]));
      expect(failure.kind, name).toBe('request-invalid');
    }
    // Half a surrogate pair is mended, not refused: a text cut by length may end with one.
    expect(valueOf(await probe.generate({ turns: [{ role: 'user', content: 'Hello \ud83d' }] })).text).toBe('Hello');
  });

  it('a chat template that refuses is a refusal too', async () => {
    const pairs = "{% if messages | length > 9 %}{{ raise_exception('too many turns') }}{% endif %}";
    const probe = await probes.startWith(script({ answer: ['Hello'], chatTemplate: pairs + chatMl }));
    expect(failureOf(await probe.generate({ turns: Array.from({ length: 10 }, () => question).flat() })).kind).toBe(
      'request-invalid',
    );
    expect(valueOf(await probe.generate({ turns: question })).text).toBe('Hello');
  });
});

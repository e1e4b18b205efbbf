import { describe, expect, it } from 'vitest';
import keyFacts from '../../tools/guide-model/key-facts.json';
import chatLines from '../fixtures/guide-chats.jsonl?raw';
import { parseChats, parseQuestions, type GuideChatTurn } from '../fixtures/guide-score';
import questionLines from '../fixtures/guide-test-set.jsonl?raw';

const topics = Object.keys(keyFacts).filter((name) => name !== 'out-of-scope');

/** The follow-ups of `tools/guide-model/topics.md`: after the topic on the left, a short question can mean those on the right. */
const followUps: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    ['offline', 'install-iphone', 'install-android', 'install-desktop', 'install-mac'].map((before) => [
      before,
      ['install-iphone', 'install-android', 'install-mac'].filter((topic) => topic !== before),
    ]),
  ),
  'where-chats': ['where-weights', 'who-sees'],
  'choose-model': ['phone-model', 'coder', 'math'],
  export: ['import'],
  prefill: ['decode'],
  decode: ['prefill'],
  qwen25: ['qwen3', 'qwen35'],
  'download-model': ['delete-model'],
  webgpu: ['no-webgpu'],
};

/** Two wordings that differ only in case or in their last marks are the same question to a reader. */
const wording = (question: string): string =>
  question
    .trim()
    .toLowerCase()
    .replace(/[\s\p{P}=]+$/u, '');

const chats = parseChats(chatLines);
const everyTurn = chats.flatMap(({ id, turns }) =>
  turns.map((turn, index) => ({ ...turn, at: `${id}, turn ${index + 1}` })),
);

it('no question is asked twice, and none is one of the single-question set', () => {
  const asked = new Map(parseQuestions(questionLines).flatMap(({ id, turns }) => turns.map((t) => [wording(t), id])));
  for (const { question, at } of everyTurn) {
    expect(asked.get(wording(question)), `${at}: ${question}`).toBeUndefined();
    asked.set(wording(question), at);
  }
});

it('every question names what a right answer is scored by', () => {
  for (const { question, kind, topic, expect: result, at } of everyTurn) {
    expect(question, at).toBe(question.trim());
    expect(question, at).not.toBe('');
    expect(['topic', 'out-of-scope', 'sum'], at).toContain(kind);
    if (kind === 'topic') expect(topics, at).toContain(topic);
    else expect(topic, at).toBeUndefined();
    if (kind === 'sum') {
      const numbers = (question.match(/\d+/g) ?? []).map(Number);
      expect(numbers, at).toHaveLength(2);
      expect(Math.max(...numbers), at).toBeLessThanOrEqual(99);
      expect(result, at).toBe(String(numbers.reduce((a, b) => a + b)));
    } else expect(result, at).toBeUndefined();
  }
});

it('only follow-ups that the Guide is meant to understand depend on the turn before', () => {
  for (const { id, turns } of chats) {
    turns.forEach(({ follows, topic }, index) => {
      if (!follows) return;
      const before = turns[index - 1];
      expect(before, `${id}, turn ${index + 1}`).toBeDefined();
      if (topic !== 'thanks') expect(followUps[before?.topic ?? ''], `${id}, turn ${index + 1}`).toContain(topic);
    });
  }
});

it('"How do I delete my chats?" asks about deleting a chat, not about deleting everything', () => {
  const question = everyTurn.find((turn) => turn.question === 'How do I delete my chats?');
  expect(question?.topic).toBe('delete-chat');
});

describe.each(['en', 'zh'] as const)('the chats in %s', (lang) => {
  const ours = chats.filter((chat) => chat.lang === lang);
  const turns = ours.flatMap((chat) => chat.turns);
  const share = (counts: (turn: GuideChatTurn) => boolean): number => turns.filter(counts).length / turns.length;

  it('are fifty, of ten turns each, numbered from 1', () => {
    expect(ours.map(({ id }) => id)).toEqual(
      Array.from({ length: 50 }, (_, index) => `${lang}-chat-${String(index + 1).padStart(2, '0')}`),
    );
    for (const chat of ours) expect(chat.turns, chat.id).toHaveLength(10);
  });

  it('ask about every topic at least four times, at three or more positions', () => {
    for (const topic of topics) {
      const positions = ours.flatMap((chat) =>
        chat.turns.flatMap((turn, index) => (turn.topic === topic ? index : [])),
      );
      expect(positions.length, topic).toBeGreaterThanOrEqual(4);
      expect(new Set(positions).size, topic).toBeGreaterThanOrEqual(3);
    }
  });

  it('mix topics, sums and questions out of scope at every position', () => {
    for (let position = 0; position < 10; position++) {
      const there = ours.flatMap((chat) => chat.turns[position] ?? []);
      const about = `turn ${position + 1}`;
      expect(new Set(there.map(({ topic }) => topic)).size, about).toBeGreaterThanOrEqual(25);
      expect(
        there.map(({ kind }) => kind),
        about,
      ).toEqual(expect.arrayContaining(['topic', 'out-of-scope', 'sum']));
    }
  });

  it('are about 15 % out of scope, 8 % sums, and one in eight a follow-up', () => {
    expect(Math.abs(share(({ kind }) => kind === 'out-of-scope') - 0.15)).toBeLessThanOrEqual(0.01);
    expect(Math.abs(share(({ kind }) => kind === 'sum') - 0.08)).toBeLessThanOrEqual(0.01);
    expect(Math.abs(share(({ follows }) => follows === true) - 1 / 8)).toBeLessThanOrEqual(0.015);
  });
});

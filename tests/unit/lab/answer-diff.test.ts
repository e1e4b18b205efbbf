import { describe, expect, it } from 'vitest';
import { diffAnswers, isMostlyCjk, type DiffPart } from '../../../src/lab/results-view/cases/answer-diff';

const only = (parts: readonly DiffPart[] | undefined): string[] =>
  (parts ?? []).filter((part) => part.only).map(({ text }) => text.trim());
const whole = (parts: readonly DiffPart[] | undefined): string => (parts ?? []).map(({ text }) => text).join('');

describe('the difference of two answers', () => {
  it('marks whole words in Latin script, and leaves both texts as they are', () => {
    const left = 'He has 10 apples\n in total.';
    const right = 'He has 12 apples\n in all.';
    const diff = diffAnswers(left, right);
    expect(only(diff?.left)).toEqual(['10', 'total']);
    expect(only(diff?.right)).toEqual(['12', 'all']);
    expect([whole(diff?.left), whole(diff?.right)]).toEqual([left, right]);
  });

  it('marks characters in Chinese, where a sentence has no spaces', () => {
    const diff = diffAnswers('他现在有十个苹果。', '他现在有两个苹果。');
    expect(only(diff?.left)).toEqual(['十']);
    expect(only(diff?.right)).toEqual(['两']);
  });

  it('tells Chinese and Japanese from English with a name in it', () => {
    expect(isMostlyCjk('今天 the weather 很好，我们去公园吧')).toBe(true);
    expect(isMostlyCjk('The word 苹果 means apple in Chinese')).toBe(false);
    expect(isMostlyCjk('42')).toBe(false);
  });

  it('gives up on texts that are long and have nothing in common, in time', () => {
    const noise = (seed: number): string =>
      Array.from({ length: 20_000 }, (_, index) => String((index * seed) % 99_991)).join(' ');
    const startedAt = process.cpuUsage();
    expect(diffAnswers(noise(7919), noise(104_729))).toBeNull();
    const { user, system } = process.cpuUsage(startedAt);
    // Its own limit is 150 ms; the rest is for splitting the texts.
    expect((user + system) / 1000).toBeLessThan(1000);
  });
});

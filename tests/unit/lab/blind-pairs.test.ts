import { describe, expect, it } from 'vitest';
import {
  blindPairs,
  choiceOfKey,
  lastChoice,
  nextPair,
  tallyOf,
} from '../../../src/lab/results-view/blind/blind-pairs';
import type { BlindChoice, LabAnswer } from '../../../src/shared/domain/lab/run';
import { contender, answer } from '../../fixtures/lab/lab-run';

const answersOf = (names: readonly string[], cases: number): LabAnswer[] =>
  names.flatMap((name) =>
    Array.from({ length: cases }, (_, index) => answer(name, index, '+', { text: `${name} says ${index}` })),
  );
const runOf = (id: string, names: readonly string[]): Parameters<typeof blindPairs>[0] => ({
  id,
  contenders: names.map((name) => contender(name)),
});
const choice = (id: string, changes: Partial<BlindChoice>): BlindChoice => ({
  id,
  runId: 'run',
  caseId: 'case-0',
  left: 'a',
  right: 'b',
  choice: 'left',
  chosenAt: 0,
  ...changes,
});

describe('pairs of a blind choice', () => {
  it('are all pairs of contenders on each case, once', () => {
    const pairs = blindPairs(runOf('run', ['a', 'b', 'c']), answersOf(['a', 'b', 'c'], 4));
    expect(pairs).toHaveLength(12);
    expect(new Set(pairs.map(({ id }) => id)).size).toBe(12);
    expect(pairs.every(({ left, right, caseId }) => left.caseId === caseId && right.caseId === caseId)).toBe(true);
  });

  it('have each contender about as often on the left as on the right, in an order that follows neither cases nor contenders', () => {
    const pairs = blindPairs(runOf('run', ['a', 'b']), answersOf(['a', 'b'], 400));
    const left = pairs.filter(({ left: { contenderId } }) => contenderId === 'a').length;
    // Four standard deviations of 400 throws of a coin.
    expect(Math.abs(left - 200)).toBeLessThan(40);
    const early = pairs.slice(0, 200).filter(({ caseId }) => Number(caseId.slice(5)) < 200).length;
    expect(Math.abs(early - 100)).toBeLessThan(40);
    const longRun = /(a{15}|b{15})/.test(pairs.map(({ left: { contenderId } }) => contenderId).join(''));
    expect(longRun).toBe(false);
  });

  it('look the same when the page is opened again, and otherwise in another run', () => {
    const answers = answersOf(['a', 'b'], 30);
    const sides = (id: string): string =>
      blindPairs(runOf(id, ['a', 'b']), answers)
        .map(({ left }) => left.id)
        .join();
    expect(sides('one')).toBe(sides('one'));
    expect(sides('one')).not.toBe(sides('two'));
  });

  it('leave out what says the same, what says nothing, and further samples', () => {
    const answers = [
      answer('a', 0, '+', { text: 'Paris' }),
      answer('b', 0, '+', { text: ' Paris\n' }),
      answer('a', 1, '+', { text: 'Rome' }),
      answer('b', 1, '-', { text: '  ' }),
      answer('a', 2, '+', { text: 'Bern' }),
      answer('b', 2, '+', { text: 'Genf' }),
      answer('b', 2, '+', { text: 'Zug' }, 1),
    ];
    expect(blindPairs(runOf('run', ['a', 'b']), answers).map(({ caseId }) => caseId)).toEqual(['case-2']);
  });

  it('come one after the other, and the last choice can be taken back', () => {
    const pairs = blindPairs(runOf('run', ['a', 'b']), answersOf(['a', 'b'], 3));
    const choices = pairs.slice(0, 2).map(({ id }, index) => choice(id, { chosenAt: index }));
    expect(nextPair(pairs, [])).toBe(pairs[0]);
    expect(nextPair(pairs, choices)).toBe(pairs[2]);
    expect(lastChoice(choices)).toBe(choices[1]);
    expect(lastChoice([])).toBeNull();
    expect(nextPair(pairs, choices.slice(0, 1))).toBe(pairs[1]);
  });

  it('are chosen from by the keys 1 to 4', () => {
    expect(['1', '2', '3', '4', '5', 'a', ''].map(choiceOfKey)).toEqual([
      'left',
      'right',
      'equal',
      'both-bad',
      null,
      null,
      null,
    ]);
  });

  it('are counted for a contender on whichever side it stood', () => {
    const choices = [
      choice('1', { choice: 'left' }),
      choice('2', { choice: 'right' }),
      choice('3', { left: 'b', right: 'a', choice: 'right' }),
      choice('4', { choice: 'equal' }),
      choice('5', { choice: 'both-bad' }),
      choice('6', { left: 'b', right: 'c', choice: 'left' }),
    ];
    expect(tallyOf({ id: 'a' }, choices)).toEqual({ won: 2, tied: 2, lost: 1 });
    expect(tallyOf({ id: 'c' }, choices)).toEqual({ won: 0, tied: 0, lost: 1 });
  });
});

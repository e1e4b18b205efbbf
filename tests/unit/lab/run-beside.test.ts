import { describe, expect, it } from 'vitest';
import { comparableRuns, RunBeside } from '../../../src/lab/results-view/history/run-beside.svelte';
import type { WholeRun } from '../../../src/storage/stored-lab';
import { scriptedRun } from '../../fixtures/lab/lab-run';

const wholeOf = (id: string, marks: string): WholeRun => {
  const { run, set, answers } = scriptedRun({ a: marks });
  return { run: { ...run, id }, set, answers: answers.map((each) => ({ ...each, runId: id })), choices: [] };
};

describe('a run beside another', () => {
  it('is offered only where its cases are the same, by their hash', () => {
    const { run } = wholeOf('this', '+');
    const other = { ...run, id: 'other' };
    expect(comparableRuns(run, [run, other, { ...other, id: 'third', setHash: 'cd'.repeat(32) }])).toEqual([other]);
  });

  it('is the one that was chosen last, however long the others take to be read', async () => {
    const waiting = new Map<string, (whole: WholeRun) => void>();
    const beside = new RunBeside({ wholeRun: (id) => new Promise((resolve) => waiting.set(id, resolve)) });
    const first = beside.show('first');
    const second = beside.show('second');
    waiting.get('second')?.(wholeOf('second', '+'));
    waiting.get('first')?.(wholeOf('first', '+'));
    await Promise.all([first, second]);
    expect(beside.whole?.run.id).toBe('second');
    await beside.show(null);
    expect(beside.whole).toBeNull();
  });

  it('says why it could not be read', async () => {
    const beside = new RunBeside({ wholeRun: () => Promise.reject(new Error('gone')) });
    await beside.show('other');
    expect(beside.failure?.technical).toContain('gone');
    expect(beside.whole).toBeNull();
  });
});

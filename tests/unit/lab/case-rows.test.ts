import { describe, expect, it } from 'vitest';
import {
  caseRows,
  categoriesOf,
  filteredRows,
  questionOf,
  type CaseFilter,
} from '../../../src/lab/results-view/cases/case-rows';
import { answer, scriptedRun } from '../../fixtures/lab/lab-run';

const rowsOf = ({ run, set, answers }: ReturnType<typeof scriptedRun>): ReturnType<typeof caseRows> =>
  caseRows(set, run.contenders, answers);
const numbers = (rows: ReturnType<typeof caseRows>): number[] => rows.map(({ number }) => number);
const shown = (filter: CaseFilter, marks: Record<string, string>, samples = 1): number[] =>
  numbers(filteredRows(rowsOf(scriptedRun(marks, samples)), filter, null, ''));

describe('the table of cases', () => {
  it('has a row for each case and a cell for each contender, also where nobody has answered', () => {
    const rows = rowsOf(scriptedRun({ a: '+-?', b: '+ -' }));
    expect(rows.map(({ cells }) => cells.map(({ state }) => state))).toEqual([
      ['pass', 'pass'],
      ['fail', 'missing'],
      ['none', 'fail'],
    ]);
  });

  it('says how many of several answers have passed', () => {
    const [row] = rowsOf(scriptedRun({ a: '++-' }, 3));
    expect(row?.cells[0]).toMatchObject({ state: 'mixed', passed: 2 });
    expect(row?.cells[0]?.answers.map(({ sample }) => sample)).toEqual([0, 1, 2]);
  });

  it('counts what the person says before what the checks say', () => {
    const { run, set } = scriptedRun({ a: '-' });
    const [row] = caseRows(set, run.contenders, [answer('a', 0, '-', { personal: 'pass' })]);
    expect(row?.cells[0]?.state).toBe('pass');
  });

  it('is titled by what differs between cases, and by the question where the case has no variables', () => {
    const { set, run } = scriptedRun({ a: '+' });
    expect(caseRows(set, run.contenders, [])[0]?.title).toBe('Country 0');
    const own = { id: 'x', variables: {}, checks: [], turns: [{ role: 'user', content: 'Why\n is it so?' }] } as const;
    expect(caseRows({ ...set, cases: [own] }, run.contenders, [])[0]?.title).toBe('Why is it so?');
    expect(questionOf(set, set.cases[0] ?? own)).toBe('The capital of Country 0?');
  });
});

describe('filters of the table of cases', () => {
  it('find the cases on which contenders differ; one that is undecided or missing does not differ', () => {
    expect(shown({ kind: 'differing' }, { a: '++-?+', b: '+-++ ' })).toEqual([2, 3]);
  });

  it('find those that differ in how many of several answers pass', () => {
    expect(shown({ kind: 'differing' }, { a: '++--', b: '+--+' }, 2)).toEqual([1, 2]);
    expect(shown({ kind: 'differing' }, { a: '+-', b: '-+' }, 2)).toEqual([]);
  });

  it('find those that one contender has failed, and those that are undecided for anybody', () => {
    expect(shown({ kind: 'failed', contenderId: 'b' }, { a: '-+-', b: '+-?' })).toEqual([2]);
    expect(shown({ kind: 'undecided' }, { a: '-+-', b: '+-?' })).toEqual([3]);
  });

  it('find by category, and by all words of a search in question, reference, and answers', () => {
    const scripted = scriptedRun({ a: '+++', b: '+++' }, 1, 'xyx');
    const rows = rowsOf(scripted);
    expect(categoriesOf(scripted.set)).toEqual(['x', 'y']);
    expect(numbers(filteredRows(rows, { kind: 'all' }, 'x', ''))).toEqual([1, 3]);
    expect(numbers(filteredRows(rows, { kind: 'all' }, null, 'COUNTRY 1'))).toEqual([2]);
    expect(numbers(filteredRows(rows, { kind: 'all' }, null, 'answer 2 secret'))).toEqual([3]);
    expect(numbers(filteredRows(rows, { kind: 'all' }, null, 'elsewhere'))).toEqual([]);
  });

  it('answer within 100 ms for 500 cases and five contenders, also the first search in answers of 4,000 characters', () => {
    const marks = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [name, '+-'.repeat(250)]));
    const { run, set, answers } = scriptedRun(marks);
    const long = answers.map((each) => ({ ...each, text: `${each.text} `.padEnd(4000, 'Lorem ipsum ') }));
    const rows = caseRows(set, run.contenders, long);
    // Time of this process, since a busy machine would say nothing about the code.
    const startedAt = process.cpuUsage();
    expect(filteredRows(rows, { kind: 'all' }, null, 'answer 499')).toHaveLength(1);
    filteredRows(rows, { kind: 'differing' }, null, 'ipsum');
    const { user, system } = process.cpuUsage(startedAt);
    expect((user + system) / 1000 / 2).toBeLessThan(100);
  });
});

import { describe, expect, it } from 'vitest';
import { summarizeChoices } from '../../../src/lab/results/choices';
import { compare, compareAll } from '../../../src/lab/results/compare';
import { applyConstraints } from '../../../src/lab/results/constraints';
import { changesBetween } from '../../../src/lab/results/history';
import { summarize, type ContenderRow } from '../../../src/lab/results/summarize';
import { verdictWords } from '../../../src/lab/words/result-words';
import type { BlindChoice, ContenderFacts } from '../../../src/shared/domain/lab/run';
import { answer, contender, scriptedRun } from '../../fixtures/lab/lab-run';
import expected from '../../fixtures/lab/statistics-by-scipy.json';

const rowsOf = ({ run, set, answers }: ReturnType<typeof scriptedRun>): ContenderRow[] => summarize(run, set, answers);
const firstRow = (scripted: ReturnType<typeof scriptedRun>): ContenderRow => {
  const [row] = rowsOf(scripted);
  if (!row) throw new Error('no row');
  return row;
};

describe('a row of the results', () => {
  it('has the score with the interval that scipy gives', () => {
    const { score } = firstRow(scriptedRun({ a: '+'.repeat(31) + '-'.repeat(9) }));
    const wanted = expected.wilson.find(({ passed, confidence }) => passed === 31 && confidence === 0.95);
    expect(score).toMatchObject({ passed: 31, judged: 40, undecided: 0, missing: 0 });
    expect(score.interval?.low).toBeCloseTo(wanted?.low ?? -1, 9);
    expect(score.interval?.high).toBeCloseTo(wanted?.high ?? -1, 9);
  });

  it('counts what is undecided or missing neither as passed nor as failed, and says how much it is', () => {
    const { score } = firstRow(scriptedRun({ a: '++-?? ' }));
    expect(score).toMatchObject({ passed: 2, judged: 3, undecided: 2, missing: 1 });
  });

  it('knows nothing where nothing was judged', () => {
    const { score, speed } = firstRow(scriptedRun({ a: '   ' }));
    expect(score).toMatchObject({ passed: 0, judged: 0, missing: 3, interval: null });
    expect(speed).toEqual({ firstToken: null, whole: null, tokensPerSecond: null, tokens: null });
  });

  it('takes the person’s verdict for the last word, also where no check could decide', () => {
    const scripted = scriptedRun({ a: '+-?' });
    const answers = [
      answer('a', 0, '+', { personal: 'fail' }),
      answer('a', 1, '-', { personal: 'pass' }),
      answer('a', 2, '?', { personal: 'pass' }),
    ];
    expect(firstRow({ ...scripted, answers }).score).toMatchObject({ passed: 2, judged: 3, undecided: 0, personal: 3 });
  });

  it('never takes an answer in trouble for passed, and counts troubles by kind', () => {
    const scripted = scriptedRun({ a: '++++' });
    const trouble = (kind: 'too-long' | 'engine-failed') => ({ trouble: { kind, detail: '' } });
    const answers = [
      answer('a', 0, '+', trouble('engine-failed')),
      answer('a', 1, '-', trouble('too-long')),
      answer('a', 2, '-', trouble('too-long')),
      answer('a', 3, '+'),
    ];
    const row = firstRow({ ...scripted, answers });
    expect(row.score).toMatchObject({ passed: 1, judged: 4 });
    expect(row.troubles).toEqual([
      { kind: 'too-long', count: 2 },
      { kind: 'engine-failed', count: 1 },
    ]);
  });

  it('leaves out answers of other runs, to cases that are gone, and beyond the samples, and takes the later of two', () => {
    const scripted = scriptedRun({ a: '--' });
    const answers = [
      ...scripted.answers,
      answer('a', 0, '+', { runId: 'other' }),
      answer('a', 7, '+'),
      answer('a', 0, '+', {}, 1),
      answer('a', 1, '+', { answeredAt: 9e12 }),
    ];
    expect(firstRow({ ...scripted, answers }).score).toMatchObject({ passed: 1, judged: 2, missing: 0 });
  });

  it('has a score for each category, in the order of the set', () => {
    const { categories } = firstRow(scriptedRun({ a: '++-+--' }, 1, 'xyxx y'));
    expect(categories.map(({ category, score }) => [category, score.passed, score.judged])).toEqual([
      ['x', 2, 3],
      ['y', 1, 2],
      [null, 0, 1],
    ]);
    expect(firstRow(scriptedRun({ a: '++' })).categories).toEqual([]);
  });

  it('has a wider interval than as many cases would have, where cases were answered several times', () => {
    const several = firstRow(scriptedRun({ a: '++++++++++----------' }, 5)).score;
    const single = firstRow(scriptedRun({ a: '++++++++++----------' })).score;
    expect(several).toMatchObject({ passed: 10, judged: 20 });
    const width = ({ interval }: typeof single): number => (interval ? interval.high - interval.low : Number.NaN);
    expect(width(several)).toBeGreaterThan(1.5 * width(single));
  });
});

describe('the speed of a contender', () => {
  const scripted = scriptedRun({ a: '+'.repeat(20) });

  it('has the median, its interval over cases, and the 95th percentile from 20 answers on', () => {
    const answers = scripted.answers.map((one, index) => ({ ...one, firstTokenMs: index, totalMs: 100 * (index + 1) }));
    const { speed } = firstRow({ ...scripted, answers });
    expect(speed.whole).toMatchObject({ median: 1050, interval: { low: 600, high: 1500 }, mean: 1050, answers: 20 });
    expect(speed.whole?.p95).toBeCloseTo(1905, 6);
    expect(speed.firstToken?.median).toBe(9.5);
    expect(firstRow({ ...scripted, answers: answers.slice(0, 19) }).speed.whole?.p95).toBeNull();
    expect(firstRow({ ...scripted, answers: answers.slice(0, 5) }).speed.whole?.interval).toBeNull();
  });

  it('counts each token the same in tokens per second', () => {
    const answers = [
      answer('a', 0, '+', { completionTokens: 101, decodeMs: 10_000 }),
      answer('a', 1, '+', { completionTokens: 2, decodeMs: 1 }),
      answer('a', 2, '+', { completionTokens: 1, decodeMs: 0 }),
    ];
    // 101 intervals in 10.001 s; a mean of the answers’ own rates would say 505.
    expect(firstRow({ ...scripted, answers }).speed.tokensPerSecond).toBeCloseTo(101 / 10.001, 6);
  });

  it('counts thoughts apart', () => {
    const answers = [answer('a', 0, '+'), answer('a', 1, '+', { completionTokens: 21, thoughtTokens: 0 })];
    expect(firstRow({ ...scripted, answers }).speed.tokens).toEqual({ prompt: 20, answer: 14, thought: 2 });
  });

  it('does not look better by cases that were cut off at their limit, nor by those that failed at once', () => {
    const answers = [
      answer('a', 0, '+', { totalMs: 1000 }),
      answer('a', 1, '-', { totalMs: 120_000, trouble: { kind: 'too-long', detail: '' } }),
      answer('a', 2, '-', { totalMs: 5, completionTokens: 0, trouble: { kind: 'no-room', detail: '' } }),
    ];
    expect(firstRow({ ...scripted, answers }).speed.whole).toMatchObject({ median: 60_500, answers: 2 });
  });
});

/** As many cases as the fixture has, on which only one passes, and some on which both do. */
const differing = (onlyFirst: number, onlySecond: number, both: number) =>
  scriptedRun({
    a: '+'.repeat(onlyFirst) + '-'.repeat(onlySecond) + '+'.repeat(both),
    b: '-'.repeat(onlyFirst) + '+'.repeat(onlySecond) + '+'.repeat(both),
  });

describe('two contenders', () => {
  it('are compared by the exact McNemar test, with the p of scipy', () => {
    for (const { onlyFirst, onlySecond, p } of expected.mcnemar.slice(1)) {
      const { run, set, answers } = differing(onlyFirst, onlySecond, 12);
      const found = compare(run, set, answers, 'a', 'b');
      expect(found.probability).toBeCloseTo(p, 9);
      expect(found.discordant).toHaveLength(onlyFirst + onlySecond);
      expect(found).toMatchObject({ method: 'mcnemar', cases: onlyFirst + onlySecond + 12 });
      expect(found.verdict).toBe(p <= 0.05 ? 'better' : 'cannot-tell');
    }
  });

  it('are told apart in words only where the test does, from either side', () => {
    const { run, set, answers } = differing(3, 14, 23);
    const words = (first: string, second: string): string =>
      verdictWords(compare(run, set, answers, first, second), run.contenders);
    expect(words('a', 'b')).toBe('B is better (p = 0.013).');
    expect(words('b', 'a')).toBe('B is better (p = 0.013).');
  });

  it('never win by one point: words say how many cases it would take', () => {
    const { run, set, answers } = differing(3, 8, 29);
    const found = compare(run, set, answers, 'a', 'b');
    expect(found.verdict).toBe('cannot-tell');
    expect(found.casesNeeded).toBeGreaterThan(130);
    expect(found.casesNeeded).toBeLessThan(150);
    expect(verdictWords(found, run.contenders)).toMatch(
      /^No difference that 40 cases can show\. About 1[45]0 would be needed for this one \(p = 0\.23\)\.$/,
    );
  });

  it('are not called equal where they differ nowhere', () => {
    const { run, set, answers } = differing(0, 0, 10);
    expect(verdictWords(compare(run, set, answers, 'a', 'b'), run.contenders)).toBe(
      'Same score on 10 cases. That doesn’t show that they are equally good.',
    );
  });

  it('are compared only on what both were judged on', () => {
    const { run, set, answers } = scriptedRun({ a: '+-?+ ', b: '-?+++' });
    const found = compare(run, set, answers, 'a', 'b');
    expect(found.cases).toBe(2);
    expect(found.discordant.map(({ caseId }) => caseId)).toEqual(['case-0']);
    const apart = scriptedRun({ a: '+ ', b: ' +' });
    const nothing = compare(apart.run, apart.set, apart.answers, 'a', 'b');
    expect(nothing).toMatchObject({ cases: 0, probability: 1, verdict: 'cannot-tell', casesNeeded: null });
    expect(verdictWords(nothing, apart.run.contenders)).toBe('They have no judged case in common.');
  });

  it('are not surer apart because each case was asked five times', () => {
    const { run, set, answers } = scriptedRun({ a: '-'.repeat(15) + '+'.repeat(5), b: '+'.repeat(20) }, 5);
    const found = compare(run, set, answers, 'a', 'b');
    expect(found).toMatchObject({ method: 'sign-flip', cases: 4, verdict: 'cannot-tell' });
    expect(found.probability).toBeCloseTo(0.25, 12);
    expect(found.difference).toBeCloseTo(0.75, 9);
  });
});

describe('several contenders', () => {
  it('are compared pair by pair, by Holm', () => {
    const { run, set, answers } = scriptedRun({
      a: '+'.repeat(20),
      b: '-'.repeat(7) + '+'.repeat(13),
      c: '-'.repeat(6) + '+'.repeat(14),
    });
    const found = compareAll(run, set, answers);
    expect(found.map(({ first, second }) => first + second)).toEqual(['ab', 'ac', 'bc']);
    // 2/2⁷ · 3 = 0.047; then 2/2⁶ · 2 = 0.0625: significant alone, not among three.
    [0.046875, 0.0625, 1].forEach((p, index) => expect(found[index]?.adjusted).toBeCloseTo(p, 12));
    expect(found.map(({ verdict }) => verdict)).toEqual(['worse', 'cannot-tell', 'cannot-tell']);
    expect(compare(run, set, answers, 'a', 'c').verdict).toBe('worse');
  });

  it('are none, or one: nothing to compare', () => {
    const { run, set, answers } = scriptedRun({ a: '++' });
    expect(compareAll(run, set, answers)).toEqual([]);
  });
});

describe('constraints', () => {
  const facts = (contenderId: string, bytes: number, license: string | null): ContenderFacts => ({
    contenderId,
    engine: 'cpu',
    engineVersion: 'Sotto 1',
    backend: 'cpu',
    threads: 4,
    contextTokens: 4096,
    weightsSha256: '',
    bytes,
    license,
    loadMs: 100,
  });
  const scripted = scriptedRun({
    best: '+'.repeat(20),
    near: '+'.repeat(19) + '-',
    bad: '-'.repeat(15) + '+'.repeat(5),
    closed: '+'.repeat(20),
  });
  const run = {
    ...scripted.run,
    facts: [
      facts('best', 2e9, 'Apache-2.0'),
      facts('near', 1e9, 'MIT'),
      facts('bad', 1e9, 'mit'),
      facts('closed', 1e9, null),
    ],
  };
  const slow = scripted.answers.map((one) => (one.contenderId === 'best' ? { ...one, totalMs: 5000 } : one));
  const rows = summarize(run, scripted.set, slow);
  const comparisons = compareAll(run, scripted.set, slow);

  it('name the best by score, of equal ones the faster, and those it can’t be told from', () => {
    const { best } = applyConstraints(rows, {}, comparisons);
    expect(best).toEqual({ contenderId: 'closed', notToldFrom: ['best', 'near'] });
  });

  it('dim what breaks them, and what nobody knows to keep to them', () => {
    const { broken, best } = applyConstraints(
      rows,
      { licenses: ['MIT'], mostBytes: 1.5e9, mostMedianMs: 1000, leastScore: 0.5 },
      comparisons,
    );
    expect(Object.fromEntries(broken)).toEqual({
      best: [
        { constraint: 'mostMedianMs', how: 'breaks' },
        { constraint: 'licenses', how: 'breaks' },
        { constraint: 'mostBytes', how: 'breaks' },
      ],
      near: [],
      bad: [{ constraint: 'leastScore', how: 'breaks' }],
      closed: [{ constraint: 'licenses', how: 'unknown' }],
    });
    expect(best).toEqual({ contenderId: 'near', notToldFrom: [] });
    expect(applyConstraints(rows, { mostMemoryBytes: 4e9 }, comparisons).best).toBeNull();
  });

  it('say that the best is better than the rest only where the test says so', () => {
    const { best } = applyConstraints(rows, { licenses: ['MIT'] }, comparisons);
    expect(best).toEqual({ contenderId: 'near', notToldFrom: [] });
  });
});

describe('two runs of the same set', () => {
  const side = (marks: string, samples = 1) => ({ ...scriptedRun({ a: marks }, samples), contenderId: 'a' });

  it('show what was fixed and what was broken, case by case', () => {
    const history = changesBetween(side('+-+-? '), side('++-+++'));
    if (!history.comparable) throw new Error(history.why);
    expect(history.changes.map(({ change }) => change)).toEqual([
      'same',
      'fixed',
      'broken',
      'fixed',
      'cannot-tell',
      'cannot-tell',
    ]);
    expect(history.verdict).toBe('cannot-tell');
  });

  it('match cases by their place, for a copy of a set has other ids', () => {
    const older = side('-'.repeat(8));
    const copied = {
      ...older,
      set: { ...older.set, cases: older.set.cases.map((one) => ({ ...one, id: `copy-${one.id}` })) },
      answers: older.answers.map((one) => ({ ...one, caseId: `copy-${one.caseId}` })),
    };
    const history = changesBetween(copied, side('+'.repeat(8)));
    if (!history.comparable) throw new Error(history.why);
    expect(history.changes.every(({ change }) => change === 'fixed')).toBe(true);
    expect(history.changes[3]?.caseId).toBe('case-3');
    expect(history.verdict).toBe('better');
  });

  it('take a case for passed where all its answers pass', () => {
    const history = changesBetween(side('+-++--', 2), side('++++-+', 2));
    if (!history.comparable) throw new Error(history.why);
    expect(history.changes.map(({ change }) => change)).toEqual(['fixed', 'same', 'same']);
  });

  it('are not compared where the cases differ', () => {
    const other = side('++');
    const changed = { ...other, run: { ...other.run, setHash: 'cd'.repeat(32) } };
    expect(changesBetween(changed, side('++'))).toEqual({ comparable: false, why: 'other-set' });
  });
});

describe('blind choices', () => {
  const choice = (index: number, left: string, right: string, chosen: BlindChoice['choice']): BlindChoice => ({
    id: `${index}${left}${right}`,
    runId: 'run',
    caseId: `case-${index}`,
    left,
    right,
    choice: chosen,
    chosenAt: index,
  });
  const contenders = ['a', 'b', 'c'].map((id) => contender(id));

  it('count for the contender wherever it stood', () => {
    const choices = Array.from({ length: 10 }, (_, index) =>
      index % 2 === 0 ? choice(index, 'a', 'b', 'right') : choice(index, 'b', 'a', 'left'),
    );
    const found = summarizeChoices(contenders, choices);
    expect(found.contenders).toEqual(['a', 'b']);
    expect(found.pairs).toMatchObject([
      { first: 'a', second: 'b', firstChosen: 0, secondChosen: 10, verdict: 'better' },
    ]);
    expect(found.pairs[0]?.adjusted).toBeCloseTo(2 / 2 ** 10, 12);
    if (!found.strengths.known) throw new Error(found.strengths.why);
    expect(found.strengths.strengths[1]?.elo).toBeGreaterThan(1150);
  });

  it('keep "equal" and "both bad" apart, and take both as no preference', () => {
    const choices = [
      ...Array.from({ length: 5 }, (_, index) => choice(index, 'a', 'b', 'equal')),
      ...Array.from({ length: 4 }, (_, index) => choice(5 + index, 'a', 'b', 'both-bad')),
    ];
    const found = summarizeChoices(contenders, choices);
    expect(found.pairs).toMatchObject([{ equal: 5, bothBad: 4, adjusted: 1, verdict: 'cannot-tell' }]);
    if (!found.strengths.known) throw new Error(found.strengths.why);
    expect(found.strengths.strengths[0]?.elo).toBeCloseTo(1000, 6);
  });

  it('say nothing from too few, or of nobody', () => {
    expect(summarizeChoices(contenders, []).strengths).toEqual({ known: false, why: 'too-few-choices' });
    const stranger = Array.from({ length: 9 }, (_, index) => choice(index, 'a', 'x', 'left'));
    expect(summarizeChoices(contenders, stranger).contenders).toEqual([]);
  });
});

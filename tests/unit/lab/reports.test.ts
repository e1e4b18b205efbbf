import { describe, expect, it } from 'vitest';
import { labSchema, mostExchangeBytes } from '../../../src/shared/domain/lab/exchange-layout';
import { markdownReport } from '../../../src/lab/reports/markdown-report';
import { adoptResults, isOfSet } from '../../../src/lab/reports/adopt-results';
import { readExchange } from '../../../workers/set-files/read-exchange';
import { writeExchange } from '../../../src/lab/reports/write-exchange';
import { shippedPrices } from '../../../src/lab/results/hosted-prices';
import { changesBetween } from '../../../src/lab/results/history';
import { summarize } from '../../../src/lab/results/summarize';
import { FailureError } from '../../../src/shared/protocol/failure';
import { overwriteGetLocale } from '../../../src/text/paraglide/runtime.js';
import { caseSet, contender, scriptedRun, setHash } from '../../fixtures/lab/lab-run';

const scripted = scriptedRun({ a: '++-+?-', b: '------' }, 1, 'xxyyxy');
const exported = (texts = true): Promise<string> =>
  writeExchange(scripted.run, scripted.set, scripted.answers, texts).text();
const read = (text: string) => readExchange(new Blob([text]));

type Json = Record<string, unknown>;
/** The export with one of its lines changed. */
async function changed(line: number, change: (data: Json) => void): Promise<string> {
  const lines = (await exported()).trimEnd().split('\n');
  const data = JSON.parse(lines[line] ?? '') as Json;
  change(data);
  lines[line] = JSON.stringify(data);
  return lines.join('\n');
}

async function failureOf(reading: Promise<unknown>): Promise<FailureError['failure']> {
  try {
    await reading;
  } catch (error) {
    if (error instanceof FailureError) return error.failure;
    throw error;
  }
  throw new Error('it was read');
}

describe('results for exchange', () => {
  it('come back as a run with the same figures', async () => {
    const { run, answers } = adoptResults(await read(await exported()), scripted.set, setHash, 'new');
    expect(run).toMatchObject({
      id: 'new',
      setHash,
      state: 'finished',
      caseCount: 6,
      contenders: scripted.run.contenders,
    });
    expect(summarize(run, scripted.set, answers)).toEqual(summarize(scripted.run, scripted.set, scripted.answers));
    expect(answers[0]).toEqual({ ...scripted.answers[0], id: 'new:a:case-0:0', runId: 'new' });
  });

  it('keep what failed without a finding as failed: cases that took too long, or had no room', async () => {
    const answers = scripted.answers.map((answer, index) =>
      index === 0
        ? {
            ...answer,
            findings: [],
            outcome: 'fail' as const,
            trouble: { kind: 'too-long' as const, detail: '120 s' },
          }
        : answer,
    );
    const text = await writeExchange(scripted.run, scripted.set, answers, true).text();
    const adopted = adoptResults(await read(text), scripted.set, setHash, 'new');
    expect(adopted.answers[0]?.outcome).toBe('fail');
    expect(summarize(adopted.run, scripted.set, adopted.answers)).toEqual(
      summarize(scripted.run, scripted.set, answers),
    );
  });

  it('name cases by their place, so that another device with ids of its own can compare them', async () => {
    const text = await exported();
    expect(text).not.toContain('case-0');
    expect(text).not.toContain('"run"');
    const theirs = caseSet(6);
    const set = { ...theirs, cases: theirs.cases.map((one, index) => ({ ...one, id: `theirs-${index}` })) };
    const { run, answers } = adoptResults(await read(text), set, setHash, 'new');
    const older = { run, set, answers, contenderId: 'b' };
    const history = changesBetween(older, { ...scripted, contenderId: 'a' });
    if (!history.comparable) throw new Error(history.why);
    expect(history.changes.map(({ change }) => change)).toEqual([
      'fixed',
      'fixed',
      'same',
      'fixed',
      'cannot-tell',
      'same',
    ]);
  });

  it('can go without a word of any answer', async () => {
    const text = await exported(false);
    expect(text).not.toContain('secret');
    const { run, answers } = adoptResults(await read(text), scripted.set, setHash, 'new');
    expect(summarize(run, scripted.set, answers)[0]?.score).toMatchObject({ passed: 3, judged: 5, undecided: 1 });
  });

  it('say which layout they have', async () => {
    const [head = ''] = (await exported()).split('\n');
    expect((JSON.parse(head) as Json)['schema']).toBe(labSchema);
    expect(labSchema).toBe('sotto-lab/1.0');
  });

  it('are of a set only with its hash and as many cases', async () => {
    const results = await read(await exported());
    expect(isOfSet(results, scripted.set, setHash)).toBe(true);
    expect(isOfSet(results, scripted.set, 'cd'.repeat(32))).toBe(false);
    expect(isOfSet(results, caseSet(5), setHash)).toBe(false);
    expect(() => adoptResults(results, scripted.set, 'cd'.repeat(32), 'new')).toThrow(FailureError);
  });
});

describe('results that a stranger wrote', () => {
  it('can’t call a failed answer passed', async () => {
    const text = await changed(3, (data) => {
      data['outcome'] = 'pass';
    });
    const { run, answers } = adoptResults(await read(text), scripted.set, setHash, 'new');
    expect(answers[2]?.outcome).toBe('fail');
    expect(summarize(run, scripted.set, answers)[0]?.score.passed).toBe(3);
  });

  it('lose what the layout doesn’t name, and names that would pollute others', async () => {
    const text = (await exported()).replaceAll(
      '"sample":0',
      '"sample":0,"__proto__":{"polluted":1},"constructor":{},"more":"x"',
    );
    const { answers } = adoptResults(await read(text), scripted.set, setHash, 'new');
    expect(Object.keys(answers[0] ?? {})).not.toContain('more');
    expect(Reflect.get(answers[0] ?? {}, 'polluted')).toBeUndefined();
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('with a reason that only a later version has words for keep their outcome', async () => {
    const text = await changed(3, (data) => {
      data['findings'] = [{ outcome: 'fail', reason: 'too-rude' }];
    });
    const { answers } = adoptResults(await read(text), scripted.set, setHash, 'new');
    expect(answers[2]?.findings).toEqual([{ outcome: 'fail', reason: 'different' }]);
  });

  it('count each sample once', async () => {
    const text = await exported();
    const [head = '', first = ''] = text.split('\n');
    const results = await read([head, ...Array.from({ length: 50 }, () => first)].join('\n'));
    expect(results.answers).toHaveLength(1);
  });

  it('of a newer layout say so', async () => {
    const text = await changed(0, (data) => {
      data['schema'] = 'sotto-lab/2.0';
    });
    expect(await failureOf(read(text))).toMatchObject({ kind: 'lab-results-newer', subject: 'sotto-lab/2.0' });
    const minor = await changed(0, (data) => {
      data['schema'] = 'sotto-lab/1.7';
    });
    expect((await read(minor)).answers).toHaveLength(12);
  });

  it.each<readonly [string, number, (data: Json) => void]>([
    ['another program’s', 0, (data) => (data['schema'] = 'sotto-bench/1.0')],
    ['no layout at all', 0, (data) => delete data['schema']],
    ['no hash', 0, (data) => (data['set'] = { name: 'x', hash: 'zz', cases: 6 })],
    ['endless cases', 0, (data) => (data['set'] = { name: 'x', hash: setHash, cases: 1e9 })],
    ['nobody', 0, (data) => (data['contenders'] = [])],
    ['two of one id', 0, (data) => (data['contenders'] = [contender('a'), contender('a'), contender('b')])],
    ['a contender that isn’t there', 1, (data) => (data['contender'] = 'c')],
    ['a case beyond the set', 1, (data) => (data['case'] = 6)],
    ['a case between two', 1, (data) => (data['case'] = 0.5)],
    ['a case before the first', 1, (data) => (data['case'] = -1)],
    ['a sample too many', 1, (data) => (data['sample'] = 1)],
    ['negative time', 1, (data) => (data['totalMs'] = -5)],
    ['time as text', 1, (data) => (data['totalMs'] = '5')],
    ['a text without end', 1, (data) => (data['text'] = 'x'.repeat(300_000))],
    [
      'a thousand findings',
      1,
      (data) => (data['findings'] = Array.from({ length: 1000 }, () => ({ outcome: 'pass', reason: 'a' }))),
    ],
    ['an unknown outcome', 1, (data) => (data['findings'] = [{ outcome: 'great', reason: 'as-expected' }])],
    ['a date that is none', 1, (data) => (data['answeredAt'] = 1e300)],
  ])('with %s aren’t read', async (_, line, change) => {
    const failure = await failureOf(read(await changed(line, change)));
    expect(failure.kind).toBe('lab-results-unreadable');
    expect(failure.technical.length).toBeLessThanOrEqual(200);
  });

  it.each([
    '',
    '\n\n',
    'null',
    '[]',
    '{}',
    'name,score\na,1',
    '\u0000\u0001',
    '{"schema":"sotto-lab/1.0"}',
    '['.repeat(100_000),
  ])('that are something else aren’t read (%#)', async (text) => {
    expect((await failureOf(read(text))).kind).toBe('lab-results-unreadable');
  });

  it('that were cut off in the middle of a line aren’t read, and name the line', async () => {
    const text = await exported();
    expect((await failureOf(read(text.slice(0, -40)))).technical).toMatch(/^line 13:/);
  });

  it('with infinite figures aren’t read', async () => {
    const text = (await exported()).replace('"totalMs":620', '"totalMs":9e999');
    expect((await failureOf(read(text))).kind).toBe('lab-results-unreadable');
  });

  it('that are too large aren’t even opened', async () => {
    const huge = { size: mostExchangeBytes + 1, text: () => Promise.reject(new Error('opened')) } as unknown as Blob;
    expect((await failureOf(readExchange(huge))).kind).toBe('lab-results-unreadable');
  });
});

describe('the report', () => {
  const power = { watts: 30, pricePerKwh: 0.3, devicePrice: 1000, currency: 'USD', perDollar: 1 };
  const report = markdownReport({ ...scripted, cost: { power, prices: shippedPrices } });

  it('has the scores with their intervals, and what does not count', () => {
    expect(report).toContain('# Lab report: Capitals');
    expect(report).toContain('| Model | Passed | 95% CI | Undecided |');
    expect(report).toContain('| A | 3 of 5 | 23–88% | 1 |');
    expect(report).toContain('| x | A | 2 of 2 |');
  });

  it('says what the comparison comes to, and how it was made', () => {
    expect(report).toMatch(
      /- A and B: No difference that 5 cases can show\. About \d+ would be needed for this one \(p = 0\.25\)\./,
    );
    expect(report).toContain('adjusted by Holm');
    expect(report).toContain(`Hash of the cases: ${setHash}`);
  });

  it('has cost with its conditions, and none where nothing was set', () => {
    expect(report).toContain('Per answer with GPT-4o');
    expect(report).toContain('list price, early 2026');
    expect(markdownReport(scripted)).not.toContain('## Cost');
  });

  it('has the punctuation of its language, and one thread is no “threads”', () => {
    const facts = {
      contenderId: 'a',
      engine: 'sotto',
      engineVersion: 'sotto 2',
      backend: 'cpu',
      threads: 1,
      contextTokens: 1024,
      weightsSha256: '',
      bytes: 1,
      license: null,
      loadMs: 1,
    };
    const cost = { power, prices: shippedPrices };
    const made = (): string => markdownReport({ ...scripted, run: { ...scripted.run, facts: [facts] }, cost });
    expect(made()).toContain('- A: sotto 2, CPU, 1 thread, context window of 1,024 tokens');
    overwriteGetLocale(() => 'zh-CN');
    try {
      const costLines = made()
        .split('\n')
        .filter((text) => text.startsWith('- 使用 GPT-4o'));
      expect(costLines).toHaveLength(2);
      for (const text of costLines) expect(text).not.toMatch(/[:;()]/);
    } finally {
      overwriteGetLocale(() => 'en');
    }
  });

  it('has no size, no threads, and no cost of this device for a model on a server', () => {
    const served = {
      contenderId: 'a',
      engine: 'server',
      engineVersion: 'vllm',
      backend: 'server',
      threads: 0,
      contextTokens: 32_768,
      weightsSha256: '',
      bytes: 0,
      license: null,
      loadMs: 1,
    };
    const cost = { power, prices: shippedPrices };
    const text = markdownReport({ ...scripted, run: { ...scripted.run, facts: [served] }, cost });
    expect(text).toContain('- A: on a server (vllm), context window of 32,768 tokens');
    expect(text).not.toMatch(/0 bytes|0 threads|WebGPU/);
    // B alone computes here.
    expect(text.match(/Per answer with GPT-4o/g)).toHaveLength(1);
  });

  it('says when the run isn’t finished', () => {
    expect(report).not.toContain('isn’t finished');
    expect(markdownReport({ ...scripted, run: { ...scripted.run, state: 'paused' } })).toContain('isn’t finished');
  });

  it('takes nothing in a name for Markdown or HTML', () => {
    const name = 'x | y\n# <img src=x onerror=alert(1)> [link](javascript:1) `c`';
    const run = { ...scripted.run, setName: name, contenders: [contender('a', name), contender('b')] };
    const text = markdownReport({ ...scripted, run });
    expect(text).not.toMatch(/(?<!\\)<img/);
    expect(text).not.toMatch(/(?<!\\)\[link/);
    const rows = text.split('\n').filter((line) => line.startsWith('| x \\| y'));
    expect(rows).toHaveLength(1);
    expect(rows[0]?.match(/(?<!\\)\|/g)?.length).toBe(
      text
        .split('\n')
        .find((line) => line.startsWith('| Model'))
        ?.match(/\|/g)?.length,
    );
  });
});

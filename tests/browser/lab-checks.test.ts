/** The page's side of the checks, with the real worker: what does not end is ended, and everything else still gets its finding. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import checksWorkerUrl from '../../workers/checks.worker.ts?worker&url';
import { CheckRunner } from '../../src/lab/checks/check-runner';
import { combinedOutcome } from '../../src/lab/checks/combined-outcome';
import type { Check, CheckedAnswer, Finding } from '../../src/shared/domain/lab/check';
import { startWorker } from '../../src/shared/platform/trusted-worker';

const answerOf = (text: string): CheckedAnswer => ({ text, tokens: 5, totalMs: 10, prompt: '', variables: {} });
const fenced = (code: string): string => `\`\`\`js\n${code}\n\`\`\``;
const code = { kind: 'code', function: 'f', calls: [{ arguments: [], result: 1 }] } as const;
const endless = { kind: 'regex', pattern: '^(a+)+$' } as const;
const hostileText = `${'a'.repeat(40)}b`;

let runner = new CheckRunner();
afterEach(() => {
  runner.end();
  runner = new CheckRunner();
});

const reasons = (findings: readonly Finding[]): string[] =>
  findings.map(({ outcome, reason }) => `${outcome} ${reason}`);

describe('the checks of an answer', () => {
  it('come back in their order, whichever of them are sent alone', async () => {
    const checks: Check[] = [
      { kind: 'regex', pattern: 'a' },
      { kind: 'contains', value: 'z' },
      { kind: 'javascript', code: 'output === "abc"' },
      { kind: 'is-json', schema: '{}' },
      { kind: 'rubric', rubric: 'Is kind' },
      { kind: 'regex', pattern: '(' },
    ];
    const findings = await runner.check(answerOf('abc'), checks);
    expect(reasons(findings)).toEqual([
      'pass as-expected',
      'fail missing',
      'pass as-expected',
      'fail not-json',
      'none not-judged',
      'none pattern-broken',
    ]);
    expect(combinedOutcome(findings)).toBe('fail');
    expect(await runner.check(answerOf('abc'), [])).toEqual([]);
  });

  it('are ended after about 100 ms where a pattern does not end, and all others get their finding', async () => {
    await runner.check(answerOf(''), [endless]);
    const begin = performance.now();
    expect(reasons(await runner.check(answerOf(hostileText), [endless]))).toEqual(['none pattern-endless']);
    const time = performance.now() - begin;
    console.info(`an endless pattern was ended after ${Math.round(time)} ms`);
    expect(time).toBeGreaterThan(95);
    expect(time).toBeLessThan(1000);
    const findings = await runner.check(answerOf(hostileText), [
      { kind: 'contains', value: 'aa' },
      endless,
      { kind: 'regex', pattern: 'b$' },
    ]);
    expect(reasons(findings)).toEqual(['pass as-expected', 'none pattern-endless', 'pass as-expected']);
  });

  it('do not wait for each other: two answers at once are checked one after the other', async () => {
    const both = await Promise.all([
      runner.check(answerOf(hostileText), [endless]),
      runner.check(answerOf('aaa'), [endless, { kind: 'length', unit: 'tokens', most: 5 }]),
    ]);
    expect(both.map(reasons)).toEqual([['none pattern-endless'], ['pass as-expected', 'pass as-expected']]);
  });

  it('are ended where a schema does not end', async () => {
    const schema = JSON.stringify({ properties: { a: { pattern: '^(a+)+$' } } });
    const findings = await runner.check(answerOf(JSON.stringify({ a: hostileText })), [{ kind: 'is-json', schema }]);
    expect(reasons(findings)).toEqual(['none schema-unusable']);
  });

  it('look at the beginning of an answer of a million characters', async () => {
    const findings = await runner.check(answerOf(`${'x'.repeat(999_997)}end`), [
      { kind: 'contains', value: 'end' },
      { kind: 'starts-with', value: 'xxx' },
    ]);
    expect(reasons(findings)).toEqual(['fail missing', 'pass as-expected']);
  });
});

describe('code in the real worker', () => {
  it.each<[string, string, string]>([
    ['runs', 'const f = () => 1', 'pass as-expected'],
    ['does not end', 'const f = () => { for (;;); }', 'fail code-endless'],
    ['wants 64 MB', 'const f = () => new Uint8Array(64 * 1024 * 1024)', 'fail code-memory'],
    ['fetches', 'const f = () => fetch("/")', 'fail code-error'],
    ['makes a request', 'const f = () => new XMLHttpRequest()', 'fail code-error'],
    ['imports', 'const f = () => import("/src/main.ts").then(() => 1)', 'fail code-error'],
    ['calls itself for ever', 'const f = () => f() + 1', 'fail code-error'],
    ['ends the stack of the browser', 'const f = () => JSON.parse("[".repeat(1e6))', 'fail code-error'],
    ['spoils what everything stands on', 'Object.prototype.then = 1; const f = () => 1', 'pass as-expected'],
  ])('that %s', async (_what, text, expected) => {
    expect(reasons(await runner.check(answerOf(fenced(text)), [code]))).toEqual([expected]);
    expect(reasons(await runner.check(answerOf(fenced('const f = () => 1')), [code]))).toEqual(['pass as-expected']);
    expect(({} as Record<string, unknown>)['then']).toBeUndefined();
  });

  it('that its engine cannot end is ended with its worker', async () => {
    // Each step of this loop is one long step of the engine, which does not look at the clock within it.
    const slow = 'const f = () => { const a = []; for (;;) a.push("x".repeat(100000) + a.length); }';
    const begin = performance.now();
    const [finding] = await runner.check(answerOf(fenced(slow)), [code]);
    expect(finding).toMatchObject({ outcome: 'fail' });
    expect(['code-endless', 'code-memory']).toContain(finding?.reason);
    expect(performance.now() - begin).toBeLessThan(10_000);
    expect(reasons(await runner.check(answerOf(fenced('const f = () => 1')), [code]))).toEqual(['pass as-expected']);
  });

  it('whose engine does not come has no verdict, and comes again when it does', async () => {
    const load = vi.fn(() => Promise.reject<WebAssembly.Module>(new Error('no network')));
    const broken = new CheckRunner({ loadQuickJs: load });
    const [finding, other] = await broken.check(answerOf(fenced('const f = () => 1')), [
      code,
      { kind: 'contains', value: 'f' },
    ]);
    expect(finding).toEqual({ outcome: 'none', reason: 'check-broke', detail: 'no network' });
    expect(other).toMatchObject({ outcome: 'pass' });
    expect(load).toHaveBeenCalledTimes(2);
    broken.end();
  });
});

describe('a worker for checks', () => {
  it('that breaks is started once more, and then the check is told as broken', async () => {
    let starts = 0;
    const broken = new CheckRunner({
      start: () => {
        starts += 1;
        return startWorker('/no-such-worker.js', 'checks');
      },
    });
    expect(reasons(await broken.check(answerOf('x'), [{ kind: 'contains', value: 'x' }]))).toEqual([
      'none check-broke',
    ]);
    expect(starts).toBe(2);
  });

  it('that breaks once is replaced, and nobody notices', async () => {
    let starts = 0;
    const mended = new CheckRunner({
      start: () => startWorker((starts += 1) === 1 ? '/no-such-worker.js' : checksWorkerUrl, 'checks'),
    });
    expect(reasons(await mended.check(answerOf('x'), [{ kind: 'contains', value: 'x' }]))).toEqual([
      'pass as-expected',
    ]);
    mended.end();
  });

  it('takes about a millisecond for a check that runs no code', async () => {
    const text = 'The answer is (B), which is 42, as everybody knows who has read it. '.repeat(15);
    const checks: Check[] = [
      { kind: 'equals', value: 'x' },
      { kind: 'contains-any', values: ['x', 'y'], ignoresCase: true },
      { kind: 'starts-with', value: 'The' },
      { kind: 'regex', pattern: String.raw`\d+` },
      { kind: 'is-json' },
      { kind: 'contains-json', schema: '{"type": "object"}' },
      { kind: 'levenshtein', value: text.replace('B', 'C'), most: 20 },
      { kind: 'number', value: 42 },
      { kind: 'choice', letter: 'B' },
      { kind: 'language', language: 'en' },
      { kind: 'length', unit: 'words', most: 500 },
      { kind: 'refusal' },
    ];
    await runner.check(answerOf(text), checks);
    const times: string[] = [];
    for (const check of checks) {
      const rounds = 30;
      const begin = performance.now();
      for (let round = 0; round < rounds; round += 1) await runner.check(answerOf(text), [check]);
      const each = (performance.now() - begin) / rounds;
      times.push(`${check.kind} ${each.toFixed(2)}`);
      expect(each).toBeLessThan(100);
    }
    const begin = performance.now();
    for (let round = 0; round < 10; round += 1) await runner.check(answerOf(fenced('const f = () => 1')), [code]);
    times.push(`code ${((performance.now() - begin) / 10).toFixed(2)}`);
    console.info(`ms for a check, with the way to the worker and back: ${times.join(', ')}`);
  });
});

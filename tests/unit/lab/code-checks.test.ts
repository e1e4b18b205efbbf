/** Checks that run code: that of answers, and that of the person who wrote the check. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Check, CodeCall } from '../../../src/shared/domain/lab/check';
import { checkAnswer } from '../../../workers/checks/check-answer';
import { CodeRunner } from '../../../workers/checks/run-code';
import { answerOf, compiledQuickJs, find } from './run-checks';

let runner: CodeRunner;
beforeAll(async () => {
  runner = new CodeRunner(await compiledQuickJs());
});

const fenced = (code: string, language = 'js'): string => `Here it is:\n\`\`\`${language}\n${code}\n\`\`\`\nDone.`;
const calls = (...pairs: [unknown[], unknown][]): CodeCall[] =>
  pairs.map(([given, result]) => ({ arguments: given, result }));
const add = { kind: 'code', function: 'add', calls: calls([[1, 2], 3], [[-1, 1], 0]) } as const;
const returns = (result: unknown): Check => ({ kind: 'code', function: 'f', calls: calls([[], result]) });

describe('code in an answer', () => {
  it.each([
    ['a function', fenced('function add(a, b) { return a + b; }')],
    ['a constant', fenced('const add = (a, b) => a + b;', 'javascript')],
    ['a block without a language', fenced('var add = function (a, b) { return a + b }', '')],
    ['TypeScript', fenced('function add(a: number, b: number): number { return a + b as number; }', 'typescript')],
    ['types in a block of JavaScript', fenced('const add = (a: number, b: number): number => a + b;')],
    ['an export', fenced('export function add(a, b) { return a + b; }')],
    ['an export as default', fenced('export default (a, b) => a + b;')],
    ['a module of Node', fenced('module.exports = { add: (a, b) => a + b };')],
    ['a promise', fenced('async function add(a, b) { await null; return a + b; }')],
    ['a block that is cut off', '```js\nfunction add(a, b) { return a + b; }'],
    ['code and nothing else', 'function add(a, b) {\n  return a + b;\n}'],
    ['a block after one in another language', `${fenced('npm i', 'bash')}\n${fenced('const add = (a, b) => a + b')}`],
    [
      'an enum',
      fenced('enum Sign { Plus = 1 }\nfunction add(a: number, b: number) { return a + Sign.Plus * b; }', 'ts'),
    ],
  ])('passes as %s', async (_form, text) => {
    expect(await find(text, add, runner)).toEqual({ outcome: 'pass', reason: 'as-expected' });
  });

  it.each<[string, string, string, string | undefined]>([
    ['is not there', 'Use the plus sign.', 'no-code', undefined],
    ['is in another language', fenced('def add(a, b): return a + b', 'python'), 'no-code', undefined],
    ['defines something else', fenced('function sum() {}'), 'code-error', 'ReferenceError: add is not a function'],
    ['is wrong', fenced('const add = (a, b) => a - b'), 'wrong-result', 'add(1, 2) → -1 ≠ 3'],
    ['returns nothing', fenced('function add(a, b) { a + b }'), 'wrong-result', 'add(1, 2) → undefined ≠ 3'],
    ['throws', fenced('function add() { throw new Error("no") }'), 'code-error', 'add(1, 2): Error: no'],
    [
      'is rejected',
      fenced('async function add() { throw new TypeError("no") }'),
      'code-error',
      'add(1, 2): TypeError: no',
    ],
    [
      'never settles',
      fenced('function add() { return new Promise(() => {}) }'),
      'code-endless',
      'add(1, 2): Promise { <pending> }',
    ],
    ['calls itself for ever', fenced('function add(a, b) { return add(a, b) + 1 }'), 'code-error', undefined],
    ['needs too much memory', fenced('function add() { return new Uint8Array(1e8) }'), 'code-memory', 'add(1, 2)'],
    [
      'wants the network',
      fenced('function add() { return fetch("https://example.com") }'),
      'code-error',
      "add(1, 2): ReferenceError: 'fetch' is not defined",
    ],
    [
      'imports',
      fenced('import fs from "fs"; function add() { return fs }'),
      'code-error',
      "ReferenceError: 'require' is not defined",
    ],
  ])('fails where it %s', async (_how, text, reason, detail) => {
    const finding = await find(text, add, runner);
    expect(finding).toMatchObject({ outcome: 'fail', reason });
    if (detail !== undefined) expect(finding.detail).toBe(detail);
    // Nothing is left of it for the next one.
    expect(await find(fenced('const add = (a, b) => a + b'), add, runner)).toMatchObject({ outcome: 'pass' });
  });

  it('that cannot be read fails with what is wrong', async () => {
    const finding = await find(fenced('function add(a, b { return }'), add, runner);
    expect(finding).toMatchObject({ outcome: 'fail', reason: 'code-error' });
    expect(finding.detail).toContain('SyntaxError');
  });

  it('that does not end is ended after 2 seconds, in a loop, in a promise, and in a pattern', async () => {
    for (const code of [
      'function add() { for (;;); }',
      'async function add() { for (;;) await 1; }',
      'function add() { return /^(a+)+$/.test("a".repeat(50) + "b") }',
    ]) {
      const begin = performance.now();
      expect(await find(fenced(code), add, runner)).toMatchObject({ outcome: 'fail', reason: 'code-endless' });
      expect(performance.now() - begin).toBeGreaterThan(1900);
      expect(performance.now() - begin).toBeLessThan(8000);
    }
  }, 40_000);

  it('that catches its own end is ended all the same', async () => {
    const code = 'function add() { try { for (;;); } catch { return 3 } finally { return 3 } }';
    expect(await find(fenced(code), add, runner)).toMatchObject({ outcome: 'fail', reason: 'code-endless' });
  }, 20_000);

  it.each<[string, unknown, boolean]>([
    ['NaN', null, false],
    ['undefined', null, false],
    ['-0', 0, true],
    ['0.1 + 0.2', 0.3, true],
    ['1e10 + 1', 1e10, false],
    ['5n', 5, false],
    ['[1, [2, { a: "b" }]]', [1, [2, { a: 'b' }]], true],
    ['[1, 2]', [2, 1], false],
    ['[1, undefined]', [1], false],
    ['({ b: 1, a: 2 })', { a: 2, b: 1 }, true],
    ['({ a: 1, b: undefined })', { a: 1 }, true],
    ['({ a: 1, b: 2 })', { a: 1 }, false],
    ['({})', [], false],
    ['new Set([1])', [1], false],
    ['new Map()', {}, false],
    ['new Date(0)', '1970-01-01T00:00:00.000Z', true],
    ['Object.create({ a: 1 })', {}, true],
    ['JSON.parse(\'{"__proto__": 1}\')', JSON.parse('{"__proto__": 1}'), true],
    ['"x"', 'x', true],
    ['"1"', 1, false],
    ['null', null, true],
    ['(() => {})', {}, false],
  ])('that returns %s compared with %j: %s', async (code, wanted, isSame) => {
    const finding = await find(fenced(`const f = () => ${code};`), returns(wanted), runner);
    expect(finding).toMatchObject(isSame ? { outcome: 'pass' } : { outcome: 'fail', reason: 'wrong-result' });
  });

  it('that refers to itself without end is told in words', async () => {
    const finding = await find(fenced('function f() { const a = []; a.push(a); return a }'), returns([]), runner);
    expect(finding).toMatchObject({ outcome: 'fail', reason: 'wrong-result' });
  });

  it('that changes what everything stands on changes only itself', async () => {
    const code = `Object.prototype.polluted = 1; Array.prototype.map = JSON.parse = JSON.stringify = Object.keys = () => 3;
      Object.prototype.toJSON = () => 3; function f() { return {} }`;
    expect(await find(fenced(code), returns(3), runner)).toMatchObject({ outcome: 'pass' });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(JSON.stringify({ a: 1 })).toBe('{"a":1}');
    expect(await find(fenced('const f = () => Object.keys({ a: 1 })'), returns(['a']), runner)).toMatchObject({
      outcome: 'pass',
    });
  });

  it('has nothing of the browser around it', async () => {
    const names = [
      'fetch',
      'XMLHttpRequest',
      'WebSocket',
      'console',
      'setTimeout',
      'require',
      'process',
      'self',
      'window',
      'postMessage',
      'WebAssembly',
      'importScripts',
    ];
    const code = `const f = () => [${names.map((name) => `typeof ${name}`).join(', ')}]`;
    expect(await find(fenced(code), returns(names.map(() => 'undefined')), runner)).toMatchObject({ outcome: 'pass' });
    const imports = await find(
      fenced('const f = () => import("https://example.com/x.js").then(() => 1)'),
      returns(1),
      runner,
    );
    expect(imports).toMatchObject({ outcome: 'fail', reason: 'code-error' });
  });

  it('without anything to run it has no verdict', async () => {
    expect(await find(fenced('const add = 1'), add)).toEqual({ outcome: 'none', reason: 'check-broke' });
    expect(await find(fenced('const add = 1'), { ...add, function: 'a b' }, runner)).toMatchObject({
      outcome: 'none',
      reason: 'check-broke',
    });
  });
});

describe('a check in JavaScript', () => {
  const answer = answerOf('Hello there', { prompt: 'Say hello', variables: { name: 'Ann' } });
  it.each<[string, string, string, string | undefined]>([
    ['output.length > 5', 'pass', 'as-expected', undefined],
    ['output.length > 50;', 'fail', 'no-match', undefined],
    [
      'output.includes("Hello") && context.vars.name === "Ann" && context.prompt === "Say hello"',
      'pass',
      'as-expected',
      undefined,
    ],
    ['const words = output.split(" ");\nreturn words.length === 2;', 'pass', 'as-expected', undefined],
    ['0.4', 'pass', 'as-expected', '0.4'],
    ['0', 'fail', 'no-match', '0'],
    ['NaN', 'fail', 'no-match', 'NaN'],
    ['({ pass: false, score: 1, reason: "too polite" })', 'fail', 'no-match', 'too polite'],
    ['return { score: 0.5, reason: "half" }', 'pass', 'as-expected', 'half'],
    ['Promise.resolve(true)', 'pass', 'as-expected', undefined],
    ['JSON.parse(output).a', 'fail', 'code-error', undefined],
    ['output.split(', 'none', 'code-error', undefined],
    ['output', 'none', 'code-error', '→ "Hello there"'],
    ['const a = 1;', 'none', 'code-error', '→ undefined'],
    ['new Uint8Array(1e8)', 'none', 'code-memory', undefined],
  ])('%s: %s, %s', async (code, outcome, reason, detail) => {
    const finding = await checkAnswer(answer, { kind: 'javascript', code }, runner);
    expect(finding).toMatchObject({ outcome, reason, ...(detail !== undefined && { detail }) });
  });

  it('that throws does not pass as its opposite either', async () => {
    const check = { kind: 'javascript', code: 'outptu.length > 5', not: true } as const;
    expect(await checkAnswer(answer, check, runner)).toMatchObject({ outcome: 'none', reason: 'code-error' });
    expect(await checkAnswer(answer, { ...check, code: 'output.length > 50' }, runner)).toMatchObject({
      outcome: 'pass',
    });
  });
});

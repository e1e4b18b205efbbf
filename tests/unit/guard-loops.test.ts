/** Every loop of a guarded script ends, whatever stands around it. */
import { runInNewContext } from 'node:vm';
import { beforeEach, expect, it } from 'vitest';
import { guardedMs, guardLoops } from '../../tools/build/guard-loops';

/** How often it was told that a script was ended. */
let told = 0;
beforeEach(() => (told = 0));

/** Each look at this clock costs a second: nobody waits. */
function run(code: string): unknown {
  let now = 0;
  const context = { performance: { now: () => (now += 1000) }, onOverdue: () => (told += 1) };
  // The time limit only keeps a failing test from running for ever.
  return runInNewContext(guardLoops(code), context, { timeout: 5000 });
}

it.each([
  ['for (;;) {}'],
  ['for (;;);'],
  ['while (true) true;'],
  ['do {} while (true)'],
  ['for (const a of (function* () { for (;;) yield 1; })()) a;'],
  ['for (const a in new Proxy({}, {})) a; while (1) { try { for (;;) {} } finally { 1; } }'],
  ['const f = (n) => n === 0 ? 0 : f(n - 1) + f(n - 1); f(60)'],
  ['function f(n) { "use strict"; return n === 0 ? 0 : f(n - 1) + f(n - 1); } f(60)'],
  [
    'let i = 0; const a = [1]; a.forEach((x) => { if (i < 1e12) a.push(x); i += 1; for (;;) { try { f(); } catch { f(); } } }); function f() {}',
  ],
])('ends %s', (code) => {
  expect(() => run(code)).toThrow('This takes too long');
  expect(told).toBe(1);
});

it.each([
  ['const f = (a) => ({ a }); f(3).a', 3],
  ['const f = (a) => (b) => a + b; f(1)(2)', 3],
  ['let s = 0; for (const a of [1, 2]) for (const b of [3]) s += a * b; s', 9],
  ['let s = 0; if (true) for (let i = 0; i < 3; i++) s++; else s = 9; s', 3],
  ['class A { #a = 1; get a() { return this.#a; } } class B extends A { constructor() { super(); } } new B().a', 1],
  ['(function () { "use strict"; return this === undefined; })()', true],
  ['const f = async () => 1; typeof f().then', 'function'],
  ['let s = 0; outer: for (;;) { do { s += 1; if (s > 4) break outer; } while (true); } s', 5],
])('leaves %s what it was', (code, value) => {
  expect(run(code)).toBe(value);
});

it('gives a script less time than the page waits for its answer', () => {
  expect(guardedMs).toBeLessThan(12_000);
});

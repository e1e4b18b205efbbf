/** Parts of the markdown worker that are slow to come: a text does not wait for them longer than a moment, and once. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MathStyles } from '../../src/chat/markdown/math-styles';
import { LoadedFinishers } from '../../workers/markdown/load-finishers';
import { render } from '../../workers/markdown/render';

const start = { prefix: '', continues: false, definitions: {}, whole: true };
const formula = render({ ...start, text: 'It is $x^2$.' }).blocks;
const code = render({ ...start, text: '```js\nlet a;\n```' }).blocks;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

interface Loading<T> {
  readonly load: () => Promise<T>;
  readonly come: (part: T) => void;
  readonly fail: () => void;
  readonly calls: () => number;
}

function loading<T>(): Loading<T> {
  let calls = 0;
  let come: (part: T) => void = () => {};
  let fail: () => void = () => {};
  const load = (): Promise<T> => {
    calls += 1;
    return new Promise<T>((resolve, reject) => {
      come = resolve;
      fail = () => reject(new Error('no network'));
    });
  };
  return { load, come: (part) => come(part), fail: () => fail(), calls: () => calls };
}

function slowParts() {
  const highlight = loading<{ highlight: () => null }>();
  const typeset = loading<{ typeset: () => null }>();
  const came = vi.fn();
  const parts = new LoadedFinishers(came, { highlight: highlight.load, typeset: typeset.load });
  return { highlight, typeset, came, parts };
}

describe('the parts of the worker', () => {
  it('that never come hold up the first text for a moment, and no other', async () => {
    const { parts, came } = slowParts();
    const first = parts.for(formula);
    await vi.advanceTimersByTimeAsync(500);
    expect(await first).toEqual({ finishers: {}, awaited: true });
    // Without any time that passes.
    expect(await parts.for(formula)).toEqual({ finishers: {}, awaited: true });
    expect(came).not.toHaveBeenCalled();
  });

  it('that come late are told, and used from then on', async () => {
    const { parts, came, typeset } = slowParts();
    const first = parts.for(formula);
    await vi.advanceTimersByTimeAsync(500);
    await first;
    typeset.come({ typeset: () => null });
    await vi.advanceTimersByTimeAsync(0);
    expect(came).toHaveBeenCalledOnce();
    expect(await parts.for(formula)).toMatchObject({ finishers: { typeset: expect.any(Function) }, awaited: false });
    expect(typeset.calls()).toBe(1);
  });

  it('that come in time are waited for, and nobody is told', async () => {
    const { parts, came, highlight } = slowParts();
    const first = parts.for(code);
    await vi.advanceTimersByTimeAsync(100);
    highlight.come({ highlight: () => null });
    expect(await first).toMatchObject({ finishers: { highlight: expect.any(Function) }, awaited: false });
    expect(came).not.toHaveBeenCalled();
  });

  it('that could not be had are asked for again with the next text', async () => {
    const { parts, came, typeset } = slowParts();
    const first = parts.for(formula);
    typeset.fail();
    expect(await first).toEqual({ finishers: {}, awaited: true });
    const second = parts.for(formula);
    typeset.come({ typeset: () => null });
    expect((await second).finishers.typeset).toBeDefined();
    expect(typeset.calls()).toBe(2);
    // The first text went without.
    expect(came).toHaveBeenCalledOnce();
  });

  it('that were given up late, and come at once with a later text, are told to the texts before it', async () => {
    const { parts, came, typeset } = slowParts();
    const first = parts.for(formula);
    await vi.advanceTimersByTimeAsync(500);
    await first;
    typeset.fail();
    await vi.advanceTimersByTimeAsync(0);
    expect(came).not.toHaveBeenCalled();
    const second = parts.for(formula);
    typeset.come({ typeset: () => null });
    expect(await second).toMatchObject({ finishers: { typeset: expect.any(Function) }, awaited: false });
    expect(came).toHaveBeenCalledOnce();
  });

  it('are waited for only by a text that has work for them', async () => {
    const { parts, highlight, typeset } = slowParts();
    expect(await parts.for(render({ ...start, text: 'Words.' }).blocks)).toEqual({ finishers: {}, awaited: false });
    expect([highlight.calls(), typeset.calls()]).toEqual([0, 0]);
  });
});

describe('the styles of formulas', () => {
  const isStyled = (): boolean => document.documentElement.classList.contains('math-styled');

  it('hold up one text for a moment, and none for ever; until they are there, formulas are drawn without', async () => {
    const sheet = loading<unknown>();
    const styles = new MathStyles(sheet.load);
    const first = styles.ready();
    await vi.advanceTimersByTimeAsync(500);
    await first;
    await styles.ready();
    expect([isStyled(), sheet.calls()]).toEqual([false, 1]);
    sheet.come({});
    await vi.advanceTimersByTimeAsync(0);
    expect(isStyled()).toBe(true);
    document.documentElement.classList.remove('math-styled');
  });
});

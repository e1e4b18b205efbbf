/** A megabyte in a field: as quick as a sentence, or nearly. */
import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import GrowingTextarea from '../../src/chat/GrowingTextarea.svelte';
import TextSetting from '../../src/chat/settings/TextSetting.svelte';

/** Software that draws on two busy cores is slow; what froze the page took four to twelve seconds here. */
const mostMs = 1500;

let host: HTMLElement;
let mounted: object | null = null;

beforeEach(() => {
  host = document.createElement('div');
  host.style.width = '700px';
  document.body.append(host);
});
afterEach(async () => {
  if (mounted) await unmount(mounted);
  mounted = null;
  host.remove();
});

const field = (): HTMLTextAreaElement => {
  const found = host.querySelector('textarea');
  if (!found) throw new Error('there is no field');
  return found;
};

/** As the browser pastes, without its own bookkeeping for undo, which is not what is looked at here. */
function paste(element: HTMLTextAreaElement, text: string): void {
  element.dispatchEvent(new InputEvent('beforeinput', { data: text, inputType: 'insertFromPaste', bubbles: true }));
  element.setRangeText(text, element.selectionStart, element.selectionEnd, 'end');
  element.dispatchEvent(new InputEvent('input', { data: text, inputType: 'insertFromPaste', bubbles: true }));
}

/** The time until it is on the screen, in ms. */
async function timeOf(change: () => void): Promise<number> {
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const begun = performance.now();
  change();
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  return performance.now() - begun;
}

const texts: readonly (readonly [string, string])[] = [
  ['one word', 'a'.repeat(1_000_000)],
  ['one line of words', 'word '.repeat(200_000)],
  ['many lines', 'some words in a line of text\n'.repeat(34_000)],
];

describe.each(texts)('a megabyte in %s', (_, text) => {
  it('is taken into a message without a freeze', async () => {
    mounted = mount(GrowingTextarea, { target: host, props: { label: 'Message', value: '' } });
    flushSync();
    const element = field();
    element.focus();
    expect(await timeOf(() => paste(field(), text))).toBeLessThan(mostMs);
    expect(element.value).toBe(text);
    expect(await timeOf(() => paste(field(), '!'))).toBeLessThan(mostMs);
  });

  it('is shown for editing without a freeze', async () => {
    const spent = await timeOf(() => {
      mounted = mount(GrowingTextarea, { target: host, props: { label: 'Edit', value: text, tall: true } });
      flushSync();
    });
    expect(spent).toBeLessThan(mostMs);
    expect(field().value).toBe(text);
  });

  it('is taken into a setting without a freeze', async () => {
    const taken: (string | undefined)[] = [];
    mounted = mount(TextSetting, {
      target: host,
      props: {
        field: 'systemPrompt',
        value: undefined,
        inherited: '',
        source: '',
        unused: null,
        check: () => ({ ok: true, value: '' }),
        change: (value: string | undefined) => taken.push(value),
      },
    });
    flushSync();
    field().focus();
    expect(await timeOf(() => paste(field(), text))).toBeLessThan(mostMs);
    expect(taken).toEqual([text]);
  });
});

describe('a field that grows', () => {
  it('is as high as its text, and scrolls by itself when that is long', async () => {
    mounted = mount(GrowingTextarea, { target: host, props: { label: 'Message', value: '' } });
    flushSync();
    const height = (): number => host.firstElementChild?.getBoundingClientRect().height ?? 0;
    const empty = height();
    field().focus();
    paste(field(), 'one\ntwo\nthree\nfour');
    flushSync();
    const four = height();
    expect(four).toBeGreaterThan(empty);
    paste(field(), 'words\n'.repeat(2000));
    flushSync();
    const highest = height();
    expect(highest).toBeGreaterThan(four);
    expect(field().scrollHeight).toBeGreaterThan(field().clientHeight * 5);
    expect(field().clientHeight).toBeGreaterThan(highest - 4);
    field().select();
    paste(field(), 'one');
    flushSync();
    expect(height()).toBe(empty);
    expect(field().dir).toBe('auto');
  });

  it.each([
    ['ltr', '12 — word שלום '],
    ['rtl', '12 — שלום word '],
    ['rtl', '«مرحبا» word '],
  ])('reads a long text %s, by its first letter', (direction, words) => {
    mounted = mount(GrowingTextarea, { target: host, props: { label: 'Message', value: words.repeat(2000) } });
    flushSync();
    expect(getComputedStyle(field()).direction).toBe(direction);
  });
});

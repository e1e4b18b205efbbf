/** Scrolling, in a real browser: at the end while text grows, and never a jump under the eyes of the reader. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StickToBottom } from '../../src/chat/turns/stick-to-bottom.svelte';

const frame = (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
const settled = async (): Promise<void> => {
  for (let frames = 0; frames < 3; frames += 1) await frame();
};

let scroller: HTMLElement;
let log: HTMLElement;
let detach: (() => void) | undefined;

const block = (height: number, before: Node | null = null): HTMLElement => {
  const element = document.createElement('div');
  element.style.height = `${height}px`;
  log.insertBefore(element, before);
  return element;
};
const addThought = async (height: string): Promise<{ summary: HTMLElement; thought: HTMLElement }> => {
  const details = document.createElement('details');
  const summary = document.createElement('summary');
  summary.textContent = 'Thinking';
  const thought = document.createElement('div');
  thought.style.height = height;
  details.append(summary, thought);
  log.append(details);
  await settled();
  return { summary, thought };
};
const rest = (): number => scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;
async function readerScrollsTo(top: number): Promise<void> {
  scroller.scrollTop = top;
  await settled();
}

beforeEach(() => {
  scroller = document.createElement('div');
  Object.assign(scroller.style, { height: '300px', width: '400px', overflowY: 'auto' });
  log = document.createElement('div');
  scroller.append(log);
  document.body.append(scroller);
});
afterEach(() => {
  detach?.();
  scroller.remove();
});

// Chromium keeps the reader's place by itself; Safari does not, and there our own way has to do it.
describe.each([
  ['the browser', true],
  ['we', false],
])('while %s keep the place', (_who, browserAnchors) => {
  let stick: StickToBottom;
  beforeEach(async () => {
    for (let index = 0; index < 10; index += 1) block(100);
    stick = new StickToBottom(browserAnchors);
    detach = stick.attach(scroller) ?? undefined;
    await settled();
  });

  it('begins at the end, and stays there while text grows', async () => {
    expect(rest()).toBeLessThan(2);
    for (let index = 0; index < 10; index += 1) {
      block(40);
      await settled();
      expect(rest()).toBeLessThan(2);
    }
    expect(stick.stuck).toBe(true);
  });

  it('stays at the end when something above it unfolds', async () => {
    (log.children[2] as HTMLElement).style.height = '500px';
    await settled();
    expect(rest()).toBeLessThan(2);
  });

  it('stays at the end when the window changes', async () => {
    scroller.style.height = '200px';
    await settled();
    expect(rest()).toBeLessThan(2);
  });

  it('lets go when the reader scrolls up, and what is read does not move', async () => {
    await readerScrollsTo(400);
    expect(stick.stuck).toBe(false);
    const read = log.children[4] as HTMLElement;
    const top = read.getBoundingClientRect().top;
    for (let index = 0; index < 5; index += 1) block(80);
    await settled();
    expect(read.getBoundingClientRect().top).toBe(top);
    expect(stick.stuck).toBe(false);
  });

  it('never jumps when something above grows, shrinks or is added', async () => {
    await readerScrollsTo(500);
    const read = log.children[5] as HTMLElement;
    const top = read.getBoundingClientRect().top;
    const near = (): void => expect(Math.abs(read.getBoundingClientRect().top - top)).toBeLessThanOrEqual(1);
    (log.children[1] as HTMLElement).style.height = '340px';
    await settled();
    near();
    (log.children[2] as HTMLElement).style.height = '10px';
    await settled();
    near();
    block(250, log.firstChild);
    await settled();
    near();
  });

  it('takes hold again when the reader comes back to the end', async () => {
    await readerScrollsTo(300);
    await readerScrollsTo(scroller.scrollHeight);
    expect(stick.stuck).toBe(true);
    block(200);
    await settled();
    expect(rest()).toBeLessThan(2);
  });

  it('is not taken by an end that comes nearer by itself', async () => {
    await readerScrollsTo(scroller.scrollHeight - 300 - 120);
    expect(stick.stuck).toBe(false);
    log.lastElementChild?.remove();
    await settled();
    block(400);
    await settled();
    expect(rest()).toBeGreaterThan(100);
  });

  it('jumps to the latest when asked', async () => {
    await readerScrollsTo(100);
    stick.jump();
    await settled();
    expect(stick.stuck).toBe(true);
    expect(rest()).toBeLessThan(2);
  });

  it('shows what the reader unfolds at the end, not the end behind it', async () => {
    const { summary } = await addThought('900px');
    expect(rest()).toBeLessThan(2);
    const top = summary.getBoundingClientRect().top;
    summary.click();
    await settled();
    expect(stick.stuck).toBe(false);
    expect(Math.abs(summary.getBoundingClientRect().top - top)).toBeLessThanOrEqual(1);
  });

  it('has nothing to jump to while all that there is can be seen', async () => {
    log.replaceChildren();
    const { summary, thought } = await addThought('120px');
    // It is held to the end no longer, but the end is on the screen.
    summary.click();
    await settled();
    expect(stick.leftBehind).toBe(false);
    thought.style.height = '900px';
    await settled();
    expect(stick.leftBehind).toBe(true);
    summary.click();
    await settled();
    expect(stick.leftBehind).toBe(false);
  });

  it('has something to jump to only as long as the end is out of sight', async () => {
    await readerScrollsTo(400);
    expect(stick.leftBehind).toBe(true);
    // Messages were deleted, and the window has grown.
    for (let index = 0; index < 6; index += 1) log.lastElementChild?.remove();
    scroller.style.height = '450px';
    await settled();
    expect(stick.leftBehind).toBe(false);
  });
});

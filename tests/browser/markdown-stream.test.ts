/** A text while it is written: real worker, real elements. What is finished is never touched again. */
import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Piece } from '../../src/shared/protocol/markdown';
import { markdown } from '../../src/chat/markdown/markdown';
import { elementFrom } from '../../src/chat/markdown/markdown-elements';
import { redraw } from '../../src/chat/markdown/redraw';
import GrowingText from '../fixtures/GrowingText.svelte';
import { markdownCorpus } from '../fixtures/markdown-corpus';

const start = { prefix: '', continues: false, definitions: {}, whole: false };
const corpus = Object.entries(markdownCorpus);
const all = corpus.map(([, text]) => text).join('\n\nBetween.\n\n');

const htmlOf = (piece: Piece): string => {
  const holder = document.createElement('div');
  holder.append(elementFrom(piece));
  return holder.innerHTML;
};

describe('a block that grows', () => {
  it.each(corpus)('looks as if it had been drawn at once: %s', async (_name, text) => {
    const block = document.createElement('div');
    let before: Piece | null = null;
    for (let length = 1; length <= text.length; length += 2) {
      const reply = await markdown.render({ ...start, text: text.slice(0, length) });
      for (const { content } of reply?.blocks ?? []) {
        const piece = JSON.parse(content) as Piece;
        redraw(block, before, piece);
        expect(block.innerHTML, text.slice(0, length)).toBe(htmlOf(piece));
        before = piece;
      }
    }
  });

  it('keeps its elements, and what is selected in them', async () => {
    const block = document.createElement('div');
    document.body.append(block);
    const piece = async (text: string): Promise<Piece> =>
      JSON.parse((await markdown.render({ ...start, text }))?.blocks[0]?.content ?? '""') as Piece;
    const first = await piece('some **bold** words');
    redraw(block, null, first);
    const [bold, words] = [block.querySelector('strong'), block.querySelector('p')?.lastChild];
    getSelection()?.selectAllChildren(bold as Node);
    redraw(block, first, await piece('some **bold** words and more'));
    expect(block.querySelector('strong')).toBe(bold);
    expect(block.querySelector('p')?.lastChild).toBe(words);
    expect(getSelection()?.toString()).toBe('bold');
    block.remove();
  });
});

describe('a text that grows', () => {
  let host: HTMLElement;
  let view: { set(text: string, growing: boolean): void };
  const write = (text: string, growing = true): void => {
    view.set(text, growing);
    flushSync();
  };
  beforeEach(() => {
    host = document.createElement('div');
    document.body.append(host);
    view = mount(GrowingText, { target: host }) as unknown as typeof view;
  });
  const rest = (milliseconds = 30): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const drawn = async (words: string): Promise<void> => {
    for (let tries = 0; tries < 200 && !host.textContent.includes(words); tries += 1) await rest(10);
    await rest();
  };
  afterEach(async () => {
    await unmount(view);
    host.remove();
  });

  it('ends as the whole text would be drawn', async () => {
    for (let length = 0; length < all.length; length += 37) {
      write(all.slice(0, length));
      if (length % 5 === 0) await rest(5);
    }
    write(`${all}\n\nThe end`, false);
    await drawn('The end');
    const whole = await markdown.render({ ...start, text: `${all}\n\nThe end`, whole: true });
    const blocks = [...host.querySelectorAll('.block')].map(({ innerHTML }) => innerHTML);
    expect(blocks).toEqual(whole?.blocks.map(({ content }) => htmlOf(JSON.parse(content) as Piece)));
  });

  it('touches only its last blocks', async () => {
    const paragraph = (index: number): string => `Paragraph ${index} with **weight** and \`code\`.\n\n`;
    let text = Array.from({ length: 60 }, (_, index) => paragraph(index)).join('');
    write(text);
    await drawn('Paragraph 59');
    let touched = 0;
    const observer = new MutationObserver((records) => {
      for (const { target } of records) {
        const block = (target instanceof Element ? target : target.parentElement)?.closest('.block');
        const index = block ? [...host.querySelectorAll('.block')].indexOf(block) : -1;
        if (block && index < 58) touched += 1;
      }
    });
    observer.observe(host, { subtree: true, childList: true, characterData: true, attributes: true });
    for (let index = 60; index < 90; index += 1) {
      text += paragraph(index);
      write(text);
      await rest(5);
    }
    // The last look at the whole text, too, finds nothing to draw again.
    write(text, false);
    await drawn('Paragraph 89');
    expect(host.querySelectorAll('.block')).toHaveLength(90);
    expect(touched).toBe(0);
    observer.disconnect();
  });
});

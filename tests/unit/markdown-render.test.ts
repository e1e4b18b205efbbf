import { describe, expect, it } from 'vitest';
import { render, type PlainBlock, type PlainReply } from '../../workers/markdown/render';
import { longestOpenBlock } from '../../workers/markdown/settle';
import { markdownCorpus } from '../fixtures/markdown-corpus';

const start: PlainReply = {
  blocks: [],
  settledBlocks: 0,
  settledLength: 0,
  prefix: '',
  continues: false,
  definitions: {},
};

/** All at once, like a text that has just come from the store. */
const whole = (text: string): readonly PlainBlock[] => render({ ...start, text, whole: true }).blocks;

/** All at once, but more may follow: a formula that has been opened may still be closed. */
const soFar = (text: string): readonly PlainBlock[] => render({ ...start, text, whole: false }).blocks;

/** The blocks of a text that came in pieces, as the page puts them together. */
class Streamed {
  blocks: PlainBlock[] = [];
  #position = start;
  #length = 0;
  settled = 0;
  longestRequest = 0;

  update(text: string): void {
    const { prefix, continues, definitions } = this.#position;
    const rest = text.slice(this.#length);
    this.longestRequest = Math.max(this.longestRequest, rest.length);
    const reply = render({ prefix, continues, definitions, text: rest, whole: false });
    this.blocks = [...this.blocks.slice(0, this.settled), ...reply.blocks];
    this.#length += reply.settledLength;
    this.settled += reply.settledBlocks;
    this.#position = reply;
  }
}

const contents = (blocks: readonly PlainBlock[]): readonly string[] => blocks.map(({ piece }) => JSON.stringify(piece));

const wordsOf = (blocks: readonly PlainBlock[]): string =>
  contents(blocks)
    .join('')
    .replace(/[^a-z0-9]/gi, '');

describe('a streamed text looks like the whole text', () => {
  // A reference is resolved backwards only when all is known; the page renders the whole text then.
  const corpus = Object.entries(markdownCorpus).filter(([name]) => name !== 'links');

  it.each(corpus)('%s, after every character', (_name, text) => {
    const streamed = new Streamed();
    const final = contents(whole(text));
    for (let length = 1; length <= text.length; length += 1) {
      const prefix = text.slice(0, length);
      streamed.update(prefix);
      expect(contents(streamed.blocks), JSON.stringify(prefix)).toEqual(contents(soFar(prefix)));
      // What is settled is never drawn again: so it must be what the whole text makes of it.
      const settled = streamed.blocks.slice(0, streamed.settled);
      expect(contents(settled), JSON.stringify(prefix)).toEqual(final.slice(0, streamed.settled));
    }
  });

  it.each([2, 3, 7, 16, 61])('all of them as one text, %i characters at a time', (step) => {
    const text = corpus
      .map(([, part]) => part)
      .join('\n\nBetween.\n\n')
      .replace('```python\nprint("no end")', '');
    const streamed = new Streamed();
    for (let length = step; length < text.length + step; length += step) streamed.update(text.slice(0, length));
    expect(contents(streamed.blocks)).toEqual(contents(soFar(text)));
    expect(contents(streamed.blocks.slice(0, streamed.settled))).toEqual(
      contents(whole(text)).slice(0, streamed.settled),
    );
  });

  it('knows definitions of links in later requests', () => {
    const text = '[ref]: https://example.com/\n\nOne.\n\nTwo [ref].\n';
    const streamed = new Streamed();
    for (let length = 1; length <= text.length; length += 1) streamed.update(text.slice(0, length));
    expect(contents(streamed.blocks)).toEqual(contents(whole(text)));
    expect(contents(streamed.blocks).at(-1)).toContain('"href":"https://example.com/"');
  });
});

describe('the work for a token stays the same', () => {
  const long: Record<string, string> = {
    'one endless paragraph': 'word '.repeat(8000),
    'one endless line of Chinese': '字'.repeat(20_000),
    'one endless code block': '```js\n' + 'const a = "x";\n'.repeat(3000),
    'one endless list': Array.from({ length: 2000 }, (_, index) => `${index + 1}. item`).join('\n'),
    'one endless table': '| a | b |\n| - | - |\n' + '| 1 | 2 |\n'.repeat(3000),
    'one endless quote': '> words in a quote\n'.repeat(2000),
    'a usual report': '## Part\n\nA paragraph of some length, and **more**.\n\n- one\n- two\n\n'.repeat(500),
  };

  it.each(Object.entries(long))('in %s', (_name, text) => {
    const streamed = new Streamed();
    for (let length = 40; length < text.length; length += 40) streamed.update(text.slice(0, length));
    expect(streamed.longestRequest).toBeLessThan(2 * longestOpenBlock);
    // Nothing is lost or said twice where it was cut.
    streamed.update(text);
    if (!_name.includes('list')) {
      const marks = (blocks: readonly PlainBlock[]): number =>
        wordsOf(blocks).match(/word|const|words|字/g)?.length ?? 0;
      expect(marks(streamed.blocks)).toBe(marks(whole(text)));
    }
  });

  it('marks the pieces of a block that was cut', () => {
    const streamed = new Streamed();
    const text = 'word '.repeat(2000);
    for (let length = 40; length < text.length; length += 40) streamed.update(text.slice(0, length));
    expect(streamed.blocks.length).toBeGreaterThan(3);
    expect(streamed.blocks.map(({ joined }) => joined)).toEqual(streamed.blocks.map((_, index) => index > 0));
    expect(whole(text)).toHaveLength(1);
  });

  it('never cuts a character in two', () => {
    const text = '😀'.repeat(3000);
    const streamed = new Streamed();
    for (let length = 50; length < text.length; length += 50) streamed.update(text.slice(0, length));
    expect(contents(streamed.blocks.slice(0, -1)).join('')).not.toMatch(/\\ud[89a-f]/i);
  });
});

import type { LinkDefinitions, MarkdownReply } from '../contracts/markdown';
import type { Markdown } from './markdown';

/** A block of a text on the page. Keyed by its place, so that one which does not change is never drawn again. */
export class Block {
  /** A `Piece` as JSON. */
  content = $state.raw('');
  joined = $state.raw(false);
  constructor(readonly id: number) {}
}

interface Position {
  /** Characters and blocks that are settled. */
  readonly length: number;
  readonly blocks: number;
  readonly prefix: string;
  readonly continues: boolean;
  readonly definitions: LinkDefinitions;
}

const start: Position = { length: 0, blocks: 0, prefix: '', continues: false, definitions: {} };

/**
 * A text that grows, as rendered blocks.
 *
 * Only what follows the last settled block goes to the worker, one request at a time, and the newest text wins: the work
 * for a token is the same at the end of a long answer as at its beginning.
 */
export class MarkdownStream {
  #blocks = $state.raw<readonly Block[]>([]);
  #plain = $state.raw<string | null>(null);
  #position = start;
  #newest: { text: string; whole: boolean } | null = null;
  #busy = false;
  #triedAgain = false;

  constructor(private readonly markdown: Markdown) {}

  get blocks(): readonly Block[] {
    return this.#blocks;
  }

  /** The text as it is, while it cannot be shown rendered; null else. */
  get plain(): string | null {
    return this.#plain;
  }

  /** @param whole no more text will follow */
  update(text: string, whole: boolean): void {
    this.#newest = { text, whole };
    if (this.#blocks.length === 0) this.#plain = text;
    if (!this.#busy) void this.#work();
  }

  async #work(): Promise<void> {
    this.#busy = true;
    while (this.#newest) {
      const { text, whole } = this.#newest;
      this.#newest = null;
      // A whole text is rendered from its beginning: a definition at its end may make a link of a word at its start.
      if (whole || text.length < this.#position.length) this.#position = start;
      const { length, prefix, continues, definitions } = this.#position;
      const reply = await this.markdown.render({ text: text.slice(length), prefix, continues, definitions, whole });
      if (reply) this.#show(reply, text, whole);
      else this.#showPlain(text, whole);
    }
    this.#busy = false;
  }

  #show(reply: MarkdownReply, text: string, whole: boolean): void {
    const { blocks: base, length } = this.#position;
    const count = base + reply.blocks.length;
    const blocks = this.#blocks.slice(0, count);
    reply.blocks.forEach(({ content, joined }, index) => {
      const block = (blocks[base + index] ??= new Block(base + index));
      block.content = content;
      block.joined = joined;
    });
    if (count !== this.#blocks.length) this.#blocks = blocks;
    // Nothing but definitions of links makes no block, but it is what was said.
    this.#plain = count === 0 ? text : null;
    const { settledBlocks, settledLength, prefix, continues, definitions } = reply;
    if (!whole) {
      this.#position = { length: length + settledLength, blocks: base + settledBlocks, prefix, continues, definitions };
    }
  }

  #showPlain(text: string, whole: boolean): void {
    this.#position = start;
    this.#blocks = [];
    this.#plain = text;
    // The last text has no successor that would try again, with a fresh worker.
    if (!whole || this.#triedAgain || !this.markdown.works) return;
    this.#triedAgain = true;
    this.#newest ??= { text, whole };
  }
}

import type { Attachment } from 'svelte/attachments';
import type { LinkDefinitions, MarkdownReply, Piece } from '../../shared/protocol/markdown';
import type { Markdown } from './markdown';
import { redraw } from './redraw';

/** A block of a text on the page. Keyed by its place, so that one which does not change is never drawn again. */
export class Block {
  /** A `Piece` as JSON. */
  content = $state.raw('');
  joined = $state.raw(false);
  #drawn: Piece | null = null;

  constructor(readonly id: number) {}

  /** For the element that shows it. */
  readonly attach: Attachment<HTMLElement> = (node) => {
    const piece = JSON.parse(this.content) as Piece;
    redraw(node, node.hasChildNodes() ? this.#drawn : null, piece);
    this.#drawn = piece;
  };
}

/**
 * Neighbouring blocks. A finished group is never looked at again, neither by Svelte nor, out of sight, by the browser's layout:
 * with all blocks in a row, both would cost more the longer the answer has become.
 */
export class BlockGroup {
  blocks = $state.raw<readonly Block[]>([]);
  constructor(readonly id: number) {}
}

const groupSize = 12;

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
  #groups = $state.raw<readonly BlockGroup[]>([]);
  #plain = $state.raw<string | null>(null);
  #position = start;
  #newest: { text: string; whole: boolean } | null = null;
  #wholeText: string | null = null;
  #busy = false;
  #triedAgain = false;

  constructor(private readonly markdown: Markdown) {}

  get groups(): readonly BlockGroup[] {
    return this.#groups;
  }

  /** The text as it is, while it cannot be shown rendered; null else. */
  get plain(): string | null {
    return this.#plain;
  }

  /** @param whole no more text will follow */
  update(text: string, whole: boolean): void {
    this.#wholeText = whole ? text : null;
    this.#newest = { text, whole };
    if (this.#groups.length === 0) this.#plain = text;
    if (!this.#busy) void this.#work();
  }

  async #work(): Promise<void> {
    this.#busy = true;
    try {
      await this.#drawNewest();
    } finally {
      this.#busy = false;
    }
  }

  async #drawNewest(): Promise<void> {
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
  }

  #show(reply: MarkdownReply, text: string, whole: boolean): void {
    const { blocks: base, length } = this.#position;
    const count = base + reply.blocks.length;
    for (let first = base - (base % groupSize); first < count; first += groupSize) this.#showGroup(first, base, reply);
    const groups = Math.ceil(count / groupSize);
    if (groups < this.#groups.length) this.#groups = this.#groups.slice(0, groups);
    // Nothing but definitions of links makes no block, but it is what was said.
    this.#plain = count === 0 ? text : null;
    const { settledBlocks, settledLength, prefix, continues, definitions } = reply;
    if (whole) {
      // While a text grows, it is rendered anew at its end anyway.
      if (reply.unfinished) this.markdown.onceFinishable(() => this.#wholeText === text && this.update(text, true));
    } else {
      this.#position = { length: length + settledLength, blocks: base + settledBlocks, prefix, continues, definitions };
    }
  }

  /** Brings the group whose first block is number `first` to what the reply, whose first is number `base`, says. */
  #showGroup(first: number, base: number, reply: MarkdownReply): void {
    const id = first / groupSize;
    let group = this.#groups[id];
    if (!group) {
      group = new BlockGroup(id);
      this.#groups = [...this.#groups, group];
    }
    const before = group.blocks;
    const length = Math.min(groupSize, base + reply.blocks.length - first);
    const blocks = before.slice(0, length);
    for (let index = Math.max(0, base - first); index < length; index += 1) {
      const rendered = reply.blocks[first + index - base];
      if (!rendered) continue;
      const block = (blocks[index] ??= new Block(first + index));
      block.content = rendered.content;
      block.joined = rendered.joined;
    }
    if (blocks.length !== before.length) group.blocks = blocks;
  }

  #showPlain(text: string, whole: boolean): void {
    this.#position = start;
    this.#groups = [];
    this.#plain = text;
    if (whole) this.#waitForNetwork(text);
    // The last text has no successor that would try again, with a fresh worker.
    if (!whole || this.#triedAgain || !this.markdown.works) return;
    this.#triedAgain = true;
    this.#newest ??= { text, whole };
  }

  /** What could not be loaded to show a text may be had when the network is back. */
  #waitForNetwork(text: string): void {
    const again = (): void => {
      if (this.#plain === text) this.update(text, true);
    };
    addEventListener('online', again, { once: true });
  }
}

/** What page and markdown worker say to each other. Types only. */

/** Link definitions (`[name]: address`) met so far, by normalised name. */
export type LinkDefinitions = Readonly<Record<string, { readonly href: string; readonly title?: string | undefined }>>;

export interface MarkdownRequest {
  readonly id: number;
  /** What comes before `text` so that it reads as the block it continues: the opening fence, the head of a table. */
  readonly prefix: string;
  /** The text goes on with a block that was cut. */
  readonly continues: boolean;
  readonly text: string;
  readonly definitions: LinkDefinitions;
  /** True when no more text will follow: nothing is split for the sake of speed. */
  readonly whole: boolean;
}

export interface RenderedBlock {
  /** Not yet sanitised. */
  readonly html: string;
  /** It goes on with the block before it, which was too long to be rendered again with every token. */
  readonly joined: boolean;
}

export interface MarkdownReply {
  readonly id: number;
  readonly blocks: readonly RenderedBlock[];
  /** The first so many blocks will not change any more; */
  readonly settledBlocks: number;
  /** they are made of the first so many characters of the text. */
  readonly settledLength: number;
  /** For the next request, which begins behind them. */
  readonly prefix: string;
  readonly continues: boolean;
  readonly definitions: LinkDefinitions;
}

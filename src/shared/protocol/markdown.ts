/** What page and markdown worker say to each other. Types only. */

/** Text, or an element. Markdown never becomes HTML on its way to the page, so there is none that could do harm. */
export type Piece = string | PieceElement;

export interface PieceElement {
  /** A name that the page knows; it ignores what it does not know. */
  readonly tag: string;
  readonly children?: readonly Piece[];
  /** Of a link, or of an image that is not shown. */
  readonly href?: string;
  /** Of a cell of a table. */
  readonly align?: string;
  /** Of an ordered list. */
  readonly start?: number;
  /** Of a code block; of a token in it, what it is ("keyword"). */
  readonly language?: string;
  /** Of a heading, 1 to 6. */
  readonly level?: number;
  /** Of a task in a list. */
  readonly checked?: boolean;
  /** Of typeset mathematics: a block of its own. */
  readonly display?: boolean;
  /** Inside of typeset mathematics only. */
  readonly className?: string;
  readonly style?: Readonly<Record<string, string>>;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Addresses of links (`[name]: address`) met so far, by normalized name. */
export type LinkDefinitions = Readonly<Record<string, string>>;

export interface MarkdownRequest {
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
  /** A `Piece` as JSON: equal strings need no second look, and no second drawing. */
  readonly content: string;
  /** It goes on with the block before it, which was too long to be rendered again with every token. */
  readonly joined: boolean;
}

export interface MarkdownReply {
  readonly blocks: readonly RenderedBlock[];
  /** The first so many blocks will not change any more; */
  readonly settledBlocks: number;
  /** they are made of the first so many characters of the text. */
  readonly settledLength: number;
  /** For the next request, which begins behind them. */
  readonly prefix: string;
  readonly continues: boolean;
  readonly definitions: LinkDefinitions;
  /** There is typeset mathematics in it, which needs its own style sheet. */
  readonly math: boolean;
  /** Code or formulas in it are shown as they were written: the part that dresses them is still on its way. */
  readonly unfinished: boolean;
}

export interface MarkdownApi {
  /** Rejects where it cannot make one of this text. */
  render(request: MarkdownRequest): Promise<MarkdownReply>;
}

/** What the worker tells: a part has come for which replies did not wait. */
export type MarkdownEvent = 'finishable';

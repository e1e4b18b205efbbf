/** How an element is found, as data: made by a locator in Node, followed by the agent in the page. */

export type TextMatch =
  { readonly text: string; readonly exact: boolean } | { readonly pattern: string; readonly flags: string };

export interface RoleMatch {
  readonly role: string;
  readonly name?: TextMatch;
  readonly level?: number;
}

export type Step =
  | { readonly by: 'role'; readonly match: RoleMatch }
  | { readonly by: 'text'; readonly match: TextMatch }
  | { readonly by: 'label'; readonly match: TextMatch }
  | { readonly by: 'css'; readonly selector: string }
  | { readonly by: 'has-text'; readonly match: TextMatch }
  /** Counted from the end where negative. */
  | { readonly by: 'index'; readonly index: number }
  | { readonly by: 'or'; readonly steps: readonly Step[] };

/** What can be seen of one element; the data that expectations are about. */
export interface ElementState {
  readonly textContent: string;
  readonly innerText: string;
  /** Of a form field; empty for everything else. */
  readonly value: string;
  readonly visible: boolean;
  readonly enabled: boolean;
  readonly checked: boolean;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Where a click would hit an element, in CSS pixels of the viewport; or why it would not. */
export type ClickPoint = { readonly x: number; readonly y: number } | { readonly obstacle: string };

/** A file to be chosen. */
export interface ChosenFile {
  readonly name: string;
  readonly mimeType: string;
  readonly base64: string;
}

/** A file that the page has offered for download. */
export interface OfferedFile {
  readonly name: string;
  readonly base64: string;
}

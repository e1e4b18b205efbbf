/** What the page and the frame in which Mermaid draws say to each other. Types only. */

export interface DiagramOrder {
  /** As a model wrote it: hostile. */
  readonly source: string;
  readonly dark: boolean;
}

export type DiagramAnswer =
  /** `width` is that of the drawing at its natural size, in CSS pixels. */
  | { readonly type: 'drawn'; readonly svg: string; readonly width: number }
  /** In Mermaid's own words. */
  | { readonly type: 'refused'; readonly message: string }
  /** Said by the frame itself, when the guards of the build (`tools/build/guard-loops.ts`) have ended Mermaid. */
  | { readonly type: 'endless' };

import type { Token } from 'markdown-it';

/** The parser tells of structure by opening and closing tokens in a row; here they hold each other. */
export interface NestedToken {
  readonly token: Token;
  readonly inner: readonly NestedToken[];
}

/** Balanced tokens, as the parser makes them, as a tree. Without recursion: a text can be nested as deep as it likes. */
export function nested(tokens: readonly Token[]): readonly NestedToken[] {
  const root: NestedToken[] = [];
  const open: NestedToken[][] = [root];
  for (const token of tokens) {
    if (token.nesting < 0) {
      if (open.length > 1) open.pop();
      continue;
    }
    const inner: NestedToken[] = [];
    open.at(-1)?.push({ token, inner });
    if (token.nesting > 0) open.push(inner);
  }
  return root;
}

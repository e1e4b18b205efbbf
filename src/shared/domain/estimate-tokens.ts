/** Tokens of a text where no model counts them: a guess, and always shown as one. */

/** Characters of a token: a Chinese one is often a token of its own, four Latin ones make one. */
const perToken = { wide: 1.5, other: 3.8 };

/** By characters alone; most tokenizers of today are within a third of it. */
export function estimateTokens(text: string): number {
  let wide = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x2e80 && code <= 0xffef) wide += 1;
  }
  return Math.ceil(wide / perToken.wide + (text.length - wide) / perToken.other);
}

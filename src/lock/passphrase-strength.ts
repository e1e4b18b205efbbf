export const leastCharacters = 8;

export type Strength = 'too-short' | 'weak' | 'fair' | 'good';

/** What everybody tries first. */
const common = /^(password|passwort|qwerty|asdf|iloveyou|letmein|welcome|admin|sotto|abc123)/i;

/** Bits that one character adds at most, by the kinds of characters there are. */
function bitsPerCharacter(text: string): number {
  const kinds: readonly (readonly [RegExp, number])[] = [
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
    [/\d/, 10],
    [/[\u3400-\u9fff]/, 2000],
    [/[^a-zA-Z\d\u3400-\u9fff]/, 20],
  ];
  return Math.log2(kinds.reduce((sum, [kind, size]) => sum + (kind.test(text) ? size : 0), 1));
}

/** Characters that are not what the one before them leads to: "aaaa" and "1234" count as little. */
function surprises(text: string): number {
  const codes = [...text.toLowerCase()].map((character) => character.codePointAt(0) ?? 0);
  const steps = codes.filter((code, index) => index === 0 || Math.abs(code - (codes[index - 1] ?? 0)) > 1).length;
  return Math.min(steps, new Set(codes).size * 2);
}

/** A hint, and no more: how much work a guesser would have, very roughly. Words count for what a list of words gives. */
export function strengthOf(passphrase: string): Strength {
  const text = passphrase.normalize('NFKC').trim();
  if ([...text].length < leastCharacters) return 'too-short';
  if (common.test(text)) return 'weak';
  const words = new Set(text.toLowerCase().split(/\s+/)).size;
  const byCharacter = surprises(text) * bitsPerCharacter(text);
  // Plain words are guessed as words, at about 12 bits each.
  const isWords = words > 1 && /^[a-z\s'-]+$/i.test(text);
  const bits = isWords ? Math.min(byCharacter, words * 12) : byCharacter;
  if (bits < 45) return 'weak';
  return bits < 60 ? 'fair' : 'good';
}

/** Finds the tokens that stand for themselves in a text: controls where they may be written, and words that are never cut. */
import type { Vocabulary } from './vocabulary';

/** A part of a prompt. Only in those of the template (`special`) does the text of a control token count as one. */
export interface TextPiece {
  readonly text: string;
  readonly special: boolean;
}

export type Fragment = { readonly text: string } | { readonly token: number };

interface Match {
  readonly start: number;
  readonly end: number;
  readonly token: number;
}

/** Matches that are weighed against each other. Runs of blanks, of which Gemma has tokens of all lengths, would be millions. */
const largestCluster = 16_384;

export class SpecialTokens {
  readonly #byFirst = new Map<string, { readonly text: string; readonly token: number }[]>();
  readonly #firsts: RegExp | null;

  constructor(private readonly vocabulary: Vocabulary) {
    for (const token of vocabulary.specials) {
      const text = vocabulary.texts[token] ?? '';
      const first = text.charAt(0);
      const list = this.#byFirst.get(first);
      if (list) list.push({ text, token });
      else this.#byFirst.set(first, [{ text, token }]);
    }
    const codes = [...this.#byFirst.keys()].map((first) => `\\u${first.charCodeAt(0).toString(16).padStart(4, '0')}`);
    this.#firsts = codes.length > 0 ? new RegExp(`[${codes.join('')}]`, 'g') : null;
  }

  /** The pieces as one text, cut at its special tokens. A control token is one only if no letter of it comes from elsewhere. */
  cut(pieces: readonly TextPiece[]): readonly Fragment[] {
    const text = pieces.map((piece) => piece.text).join('');
    const fragments: Fragment[] = [];
    let end = 0;
    for (const match of this.#chosen(text, plainRanges(pieces))) {
      if (match.start > end) fragments.push({ text: text.slice(end, match.start) });
      fragments.push({ token: match.token });
      end = match.end;
    }
    if (end < text.length) fragments.push({ text: text.slice(end) });
    return fragments;
  }

  /** Where the texts of control tokens begin, each place once. */
  controlsIn(text: string): readonly number[] {
    const starts = new Set<number>();
    for (const { start, end, token } of this.#matches(text))
      if (this.vocabulary.isControl(token) && end > start + 1) starts.add(start);
    return [...starts];
  }

  /** Where matches overlap, the longest wins, then the first: as if the whole text were searched for one token after the other. */
  #chosen(text: string, plain: readonly (readonly [number, number])[]): readonly Match[] {
    const chosen: Match[] = [];
    let cluster: Match[] = [];
    let clusterEnd = 0;
    let clusterStart = 0;
    let takenEnd = 0;
    let lastStart = 0;
    const close = (): void => {
      const sorted = cluster.toSorted((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start);
      // What is shorter than all before it overlaps one of them only where one of its own ends does.
      const covered = new Uint8Array(clusterEnd - clusterStart);
      const taken: Match[] = [];
      for (const match of sorted) {
        const [start, end] = [match.start - clusterStart, match.end - clusterStart];
        if (covered[start] === 1 || covered[end - 1] === 1) continue;
        covered.fill(1, start, end);
        taken.push(match);
        takenEnd = Math.max(takenEnd, match.end);
      }
      chosen.push(...taken.toSorted((a, b) => a.start - b.start));
      cluster = [];
    };
    let range = 0;
    for (const match of this.#matches(text)) {
      while ((plain[range]?.[1] ?? Infinity) <= match.start) range += 1;
      if (this.vocabulary.isControl(match.token) && (plain[range]?.[0] ?? Infinity) < match.end) continue;
      if (
        cluster.length > 0 &&
        (match.start >= clusterEnd || (cluster.length >= largestCluster && match.start > lastStart))
      )
        close();
      if (match.start < takenEnd) continue;
      if (cluster.length === 0) clusterStart = match.start;
      lastStart = match.start;
      cluster.push(match);
      clusterEnd = Math.max(clusterEnd, match.end);
    }
    close();
    return chosen;
  }

  *#matches(text: string): Generator<Match> {
    if (!this.#firsts) return;
    for (const { index: start } of text.matchAll(this.#firsts))
      for (const { text: special, token } of this.#byFirst.get(text.charAt(start)) ?? [])
        if (text.startsWith(special, start)) yield { start, end: start + special.length, token };
  }
}

/** Where in the joined text no control token may be. */
function plainRanges(pieces: readonly TextPiece[]): readonly (readonly [number, number])[] {
  const ranges: (readonly [number, number])[] = [];
  let at = 0;
  for (const { text, special } of pieces) {
    if (!special && text !== '') ranges.push([at, at + text.length]);
    at += text.length;
  }
  return ranges;
}

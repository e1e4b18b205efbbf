/** Cuts a text into passages of about 400 tokens, along pages, headings and sentences. */
import type { Passage } from '../../src/shared/domain/collection';
import { estimateTokens } from '../../src/shared/domain/estimate-tokens';
import type { DocumentText, Heading } from './document-text';
import { sentencesOf, wholeCharacters, type Span } from './sentences';

/** Of a passage, in tokens as they are estimated. */
const target = 400;
/** What a passage repeats of the one before: a sentence that explains the next one may end it. */
const overlap = 0.15 * target;
/** A sentence of this length is repeated alone; of a longer one, nothing is. */
const longestRepeated = 2 * overlap;
/** A longer sentence may be cut, into pieces of the second length. */
const longestWhole = 250;
const pieceTokens = overlap;
/** A section shorter than this goes together with the next: two lines alone tell a model little. */
const shortSection = 120;
/** Of less than this, a title and perhaps a line, no passage is made where there is text to go with. */
const titleTokens = 30;

interface Section extends Span {
  readonly page: number | undefined;
  readonly headings: readonly string[];
}

interface Unit extends Span {
  readonly tokens: number;
}

/** The text between two pages or headings, with what it stands under. */
function* sectionsOf({ text, headings, pageStarts }: DocumentText): Generator<Section> {
  const cuts = [...new Set([0, ...pageStarts, ...headings.map(({ start }) => start)])].sort((a, b) => a - b);
  let path: readonly Heading[] = [];
  let heading = 0;
  let page = 0;
  for (const [index, start] of cuts.entries()) {
    const end = cuts[index + 1] ?? text.length;
    for (let next = headings[heading]; next && next.start <= start; next = headings[++heading]) {
      const { level } = next;
      path = [...path.filter((above) => above.level < level), next];
    }
    while (page < pageStarts.length && (pageStarts[page] ?? 0) <= start) page += 1;
    if (end > start) yield { start, end, page: page > 0 ? page : undefined, headings: path.map(({ title }) => title) };
  }
}

/** What both stand under. */
function common(a: readonly string[], b: readonly string[]): readonly string[] {
  const differs = a.findIndex((title, index) => title !== b[index]);
  return differs === -1 ? a : a.slice(0, differs);
}

/** Short sections of a page, put together. */
function* joinedSections(document: DocumentText): Generator<Section> {
  let held = null as (Section & { readonly tokens: number }) | null;
  for (const section of sectionsOf(document)) {
    const tokens = estimateTokens(document.text.slice(section.start, section.end));
    const fits = held && held.page === section.page && (held.tokens < titleTokens || held.tokens + tokens <= target);
    if (held && fits && (held.tokens < shortSection || tokens < shortSection / 2)) {
      // A title above its first section says nothing that the section's own headings do not say.
      const headings: readonly string[] =
        held.tokens < titleTokens ? section.headings : common(held.headings, section.headings);
      held = { ...held, end: section.end, headings, tokens: held.tokens + tokens };
      continue;
    }
    if (held) yield held;
    held = { ...section, tokens };
  }
  if (held) yield held;
}

/** Pieces of what is too long for a passage, or for the repeating of its end: at spaces, or wherever it must be. */
function* piecesOf(text: string, { start, end }: Span, tokens: number): Generator<Span> {
  const length = Math.max(1, Math.floor(((end - start) * pieceTokens) / tokens));
  let at = start;
  while (at < end) {
    let stop = Math.min(end, at + length);
    if (stop < end) {
      const near = text.slice(stop, stop + 40).search(/[\s，、；,;]/u);
      stop = near === -1 ? Math.max(at + 1, wholeCharacters(text, stop)) : Math.min(end, stop + near + 1);
    }
    yield { start: at, end: stop };
    at = stop;
  }
}

/** Rows, lines of code or whatever the reader has named; without gaps. */
function* namedUnits(starts: readonly number[], start: number, end: number): Generator<Span> {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= start) low = middle + 1;
    else high = middle;
  }
  let at = start;
  for (let index = low; index < starts.length && (starts[index] ?? end) < end; index += 1) {
    const next = starts[index] ?? end;
    yield { start: at, end: next };
    at = next;
  }
  if (at < end) yield { start: at, end };
}

function unitsOf({ text, unitStarts }: DocumentText, { start, end }: Span): Unit[] {
  const units: Unit[] = [];
  for (const span of unitStarts ? namedUnits(unitStarts, start, end) : sentencesOf(text, start, end)) {
    const tokens = estimateTokens(text.slice(span.start, span.end));
    // A row stays whole as long as a passage can hold it.
    if (tokens <= (unitStarts ? target : longestWhole)) units.push({ ...span, tokens });
    else
      for (const piece of piecesOf(text, span, tokens))
        units.push({ ...piece, tokens: estimateTokens(text.slice(piece.start, piece.end)) });
  }
  return units;
}

/** Where the next passage begins: some sentences before the end of this one. */
function repeatedFrom(units: readonly Unit[], first: number, end: number): number {
  let from = end;
  let tokens = 0;
  while (from - 1 > first) {
    const next = units[from - 1]?.tokens ?? 0;
    if (tokens + next > (from === end ? longestRepeated : overlap)) break;
    tokens += next;
    from -= 1;
  }
  return from;
}

/** @returns the passage without the space around it; null where nothing is left */
function trimmed(text: string, start: number, end: number): Span | null {
  const part = text.slice(start, end);
  const from = part.search(/[\p{L}\p{N}\p{P}\p{S}]/u);
  // Rules and page numbers alone are no passage.
  if (from === -1 || !/\p{L}|\p{N}{3}/u.test(part)) return null;
  return { start: start + from, end: start + part.trimEnd().length };
}

/** In the order of the text. Neighbors of one section overlap; nothing that has letters is left out. */
export function cutPassages(document: DocumentText): readonly Passage[] {
  const passages: Passage[] = [];
  const above = document.above === undefined ? [] : [document.above];
  for (const section of joinedSections(document)) {
    const units = unitsOf(document, section);
    const total = units.reduce((sum, { tokens }) => sum + tokens, 0);
    // Of about the same length, so that no last one of a few words remains.
    const repeated = document.unitStarts ? 0 : overlap;
    const aim = (total - repeated) / Math.max(1, Math.ceil((total - repeated) / (target - repeated))) + repeated;
    let first = 0;
    while (first < units.length) {
      let end = first;
      let tokens = 0;
      for (let unit = units[end]; unit; unit = units[++end]) {
        if (end > first && (tokens >= aim - unit.tokens / 2 || tokens + unit.tokens > 1.15 * target)) break;
        tokens += unit.tokens;
      }
      const span = trimmed(document.text, units[first]?.start ?? 0, units[end - 1]?.end ?? 0);
      const headings = [...above, ...section.headings];
      if (span)
        passages.push({
          ...span,
          ...(section.page !== undefined && { page: section.page }),
          ...(headings.length > 0 && { headings }),
        });
      if (end >= units.length) break;
      first = document.unitStarts ? end : repeatedFrom(units, first, end);
    }
  }
  return passages;
}

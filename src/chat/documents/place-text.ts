import type { FoundPlace, PlaceSearch } from '../../shared/domain/collection';
import { failureText } from '../../text/failure-text';
import { formatCount } from '../../text/formatting';
import { m } from '../../text/paraglide/messages.js';
import { estimateTokens } from '../context/estimate-tokens';

/** "report.pdf, page 12" */
export function placeName({ documentName, page, headings = [] }: FoundPlace): string {
  if (page !== undefined) return m.docs_place({ name: documentName, page: formatCount(page) });
  const heading = headings.at(-1);
  return heading === undefined ? documentName : `${documentName} › ${heading}`;
}

/** By what it was searched, and why not by meaning where it could have been. */
export function searchedBy({ by, withoutVectors }: PlaceSearch): string {
  if (by === 'words-and-vectors') return m.docs_by_both();
  return withoutVectors ? m.docs_by_words_because({ reason: failureText(withoutVectors).title }) : m.docs_by_words();
}

/** What each passage has of the tokens of all: single ones are not counted. */
export function tokensOfPlaces(places: readonly FoundPlace[], { tokens }: PlaceSearch): readonly number[] {
  const guessed = places.map(({ text }) => estimateTokens(text));
  const total = guessed.reduce((sum, count) => sum + count, 0);
  return guessed.map((count) => (total === 0 ? 0 : Math.round((count * tokens) / total)));
}

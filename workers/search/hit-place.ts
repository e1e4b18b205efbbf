/** Where in a conversation the words stand that were looked for. */
import type { HitPlace, SearchDocument, SearchText } from '../../src/shared/protocol/search';
import { countOfWords, snippetOf } from './marked-text';

interface Found {
  readonly place: SearchText;
  readonly count: number;
}

/** The first of those with most of the words. */
function best(places: readonly SearchText[], words: ReadonlySet<string>, rival: Found | null): Found | null {
  let found = rival;
  for (const place of places) {
    // Most are looked for by one word, which the first place has.
    if (found?.count === words.size) break;
    const count = countOfWords(place.fileName === null ? place.text : `${place.fileName}\n${place.text}`, words);
    if (count > (found?.count ?? 0)) found = { place, count };
  }
  return found;
}

/**
 * A message that has most of the words, or whose file has. Of equal ones, a message comes before a file, and what is shown before
 * what is a version of it: so nobody is led away from the branch that they were on without need.
 */
export function hitPlace({ messages, files }: SearchDocument, words: ReadonlySet<string>): HitPlace | null {
  const found = best(files, words, best(messages, words, null));
  if (found === null) return null;
  const { messageId, text, fileName } = found.place;
  const snippet = snippetOf(text, words) ?? [];
  return { messageId, snippet, fileName };
}

/** What is said of collections and their documents in a line. */
import type { Collection, CollectionDocument } from '../shared/domain/collection';
import { formatBytes, formatCount, formatPercent } from '../text/formatting';
import { m } from '../text/paraglide/messages.js';
import type { IndexingProgress } from './documents-api';

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** "3 documents · 412 pages · 1,034 passages · 12 MB" */
export function collectionFacts(documents: readonly CollectionDocument[]): string {
  const pages = sum(documents.map(({ pages = 0 }) => pages));
  const passages = sum(documents.map(({ passages }) => passages));
  return [
    m.docs_count({ count: formatCount(documents.length) }),
    ...(pages > 0 ? [m.docs_pages({ count: formatCount(pages) })] : []),
    ...(passages > 0 ? [m.docs_passages({ count: formatCount(passages) })] : []),
    ...(documents.length > 0 ? [formatBytes(sum(documents.map(({ bytes }) => bytes)))] : []),
  ].join(' · ');
}

export function documentFacts({ pages, passages, bytes }: CollectionDocument): string {
  return [
    ...(pages === undefined ? [] : [m.docs_pages({ count: formatCount(pages) })]),
    ...(passages > 0 ? [m.docs_passages({ count: formatCount(passages) })] : []),
    formatBytes(bytes),
  ].join(' · ');
}

export function documentState(
  { state, name, passages, embeddedPassages }: CollectionDocument,
  { embedder }: Collection,
  progress: IndexingProgress | null,
): string {
  if (state === 'failed') return m.docs_state_failed();
  if (state === 'waiting') return progress?.documentName === name ? m.docs_state_reading() : m.docs_state_waiting();
  if (!embedder || embeddedPassages >= passages) return m.docs_state_ready();
  return m.docs_state_words({ part: formatPercent(embeddedPassages / passages) });
}

/** Whether there is something left to read, or to make vectors of. */
export const hasWorkLeft = ({ embedder }: Collection, documents: readonly CollectionDocument[]): boolean =>
  documents.some(
    ({ state, passages, embeddedPassages }) =>
      state === 'waiting' || (state === 'ready' && embedder !== undefined && embeddedPassages < passages),
  );

/** "page 12", "Results > Energy"; empty where nothing is known but the document. */
export const whereText = ({ page, headings = [] }: { page?: number; headings?: readonly string[] }): string =>
  [page === undefined ? '' : m.docs_page({ page: formatCount(page) }), headings.join(' › ')]
    .filter(Boolean)
    .join(' · ');

/** What of the documents is on the screen, as the address says it: `#/documents`, `#/documents/<document>/<start>-<end>`. */
import type { DocumentId, FoundPlace } from '../shared/domain/collection';

/** A part of a document's text, in UTF-16 units. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

export type DocumentsRoute =
  { readonly view: 'home' } | { readonly view: 'document'; readonly id: DocumentId; readonly range: TextRange | null };

export function readDocumentsRoute(hash: string): DocumentsRoute {
  const [, id = '', range = ''] = hash.replace(/^#\/?/, '').split('/');
  if (id === '') return { view: 'home' };
  const [, start, end] = /^(\d+)-(\d+)$/.exec(range) ?? [];
  try {
    return {
      view: 'document',
      id: decodeURIComponent(id),
      range: start === undefined ? null : { start: Number(start), end: Number(end) },
    };
  } catch {
    return { view: 'home' };
  }
}

export const documentHref = (id: DocumentId): string => `#/documents/${encodeURIComponent(id)}`;

/** It holds no words of the document: browsers write addresses into their history. */
export const placeHref = ({ documentId, start, end }: FoundPlace): string =>
  `${documentHref(documentId)}/${start}-${end}`;

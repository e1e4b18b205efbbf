/** Places of documents at an answer, from a file: what of them is what it should be. */
import type { FoundPlace, PlaceSearch } from '../../src/shared/domain/collection';
import { present } from '../../src/shared/domain/chosen-fields';
import { isFields, isId, numberIn, oneOf, textIn, unknownFields, type Fields } from '../../src/shared/domain/fields';
import type { Failure } from '../../src/shared/protocol/failure';

const mostPlaces = 100;
const mostMarks = 2000;
const longestPassage = 100_000;
const longestName = 500;
const farthest = Number.MAX_SAFE_INTEGER;

/** Pairs inside of the text, in order and apart: they are drawn one after the other. */
function marksFrom(value: unknown, length: number): FoundPlace['marks'] {
  const marks: (readonly [number, number])[] = [];
  let after = 0;
  for (const pair of Array.isArray(value) ? value.slice(0, mostMarks) : []) {
    const [start, end] = Array.isArray(pair) ? (pair as unknown[]) : [];
    const from = numberIn(start, after, length);
    const to = numberIn(end, after, length);
    if (from === undefined || to === undefined || from >= to || !Number.isInteger(from + to)) continue;
    marks.push([from, to]);
    after = to;
  }
  return marks;
}

const placeFields = 'collectionId documentId documentName start end page headings text marks'.split(' ');

function placeFrom(value: unknown): FoundPlace | null {
  if (!isFields(value)) return null;
  const { collectionId, documentId, start, end, page, headings } = value;
  const text = textIn(value['text'], longestPassage);
  if (!isId(collectionId) || !isId(documentId) || text === undefined) return null;
  return {
    ...unknownFields(value, placeFields),
    collectionId,
    documentId,
    documentName: textIn(value['documentName'], longestName) ?? '',
    start: numberIn(start, 0, farthest) ?? 0,
    end: numberIn(end, 0, farthest) ?? 0,
    text,
    marks: marksFrom(value['marks'], text.length),
    ...present<Partial<FoundPlace>>({
      page: numberIn(page, 1, farthest),
      headings: Array.isArray(headings)
        ? headings.flatMap((heading) => textIn(heading, longestName) ?? []).slice(0, 20)
        : undefined,
    }),
  };
}

/** In their order: the numbers in the answer count them. Undefined unless all of them are places. */
export function placesFrom(value: unknown): readonly FoundPlace[] | undefined {
  if (!Array.isArray(value) || value.length > mostPlaces) return undefined;
  const places = value.map(placeFrom);
  return places.some((place) => place === null) ? undefined : places.flatMap((place) => place ?? []);
}

const searchFields = 'by withoutVectors isFar unread missingFiles tokens counted milliseconds failure'.split(' ');

/** @param failureFrom reads a failure as all records do */
export function placeSearchFrom(
  value: unknown,
  failureFrom: (value: unknown) => Failure | undefined,
): PlaceSearch | undefined {
  const fields: Fields | null = isFields(value) ? value : null;
  if (!fields) return undefined;
  const flag = (name: string): true | undefined => (fields[name] === true ? true : undefined);
  return {
    ...unknownFields(fields, searchFields),
    by: oneOf(fields['by'], ['words', 'words-and-vectors']) ?? 'words',
    tokens: numberIn(fields['tokens'], 0, farthest) ?? 0,
    milliseconds: numberIn(fields['milliseconds'], 0, farthest) ?? 0,
    ...present<Partial<PlaceSearch>>({
      withoutVectors: failureFrom(fields['withoutVectors']),
      failure: failureFrom(fields['failure']),
      isFar: flag('isFar'),
      unread: flag('unread'),
      counted: flag('counted'),
      missingFiles: numberIn(fields['missingFiles'], 0, farthest),
    }),
  };
}

/** Reading data from elsewhere, field by field: nothing in it is what it says it is until it has been looked at. */
import { cutText } from './cut-text';

export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The fields of an object; none where it is no object. */
export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});

/** The field's text, cut to `longest` characters; undefined where it is none. */
export const textIn = (value: unknown, longest: number): string | undefined =>
  typeof value === 'string' ? cutText(value, longest) : undefined;

/** A finite number between the bounds; undefined for everything else. */
export const numberIn = (value: unknown, least: number, most: number): number | undefined =>
  typeof value === 'number' && value >= least && value <= most ? value : undefined;

/** The last moment that a `Date` can name, ms since the epoch. */
export const lastMoment = 8.64e15;

export const timeIn = (value: unknown): number | undefined => numberIn(value, 0, lastMoment);

/** One of the words of a list; undefined for everything else. */
export const oneOf = <Word extends string>(value: unknown, words: readonly Word[]): Word | undefined =>
  words.find((word) => word === value);

/** Ids of conversations stand in addresses, so they have none of the characters that mean something there. */
export const isId = (value: unknown): value is string => typeof value === 'string' && /^[\w.:-]{1,100}$/.test(value);

/** Ids of messages and files may be made of two others. */
export const isPartId = (value: unknown): value is string =>
  typeof value === 'string' && /^[\w.:/-]{1,240}$/.test(value);

const forbidden = new Set(['__proto__', 'constructor', 'prototype']);

/** A copy without the names by which an object could be made to pollute others. Deeply nested data must be refused before. */
export function withoutTraps(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTraps);
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !forbidden.has(name))
      .map(([name, inner]) => [name, withoutTraps(inner)]),
  );
}

/** The fields that are not in `known`, safe to keep. */
export const unknownFields = (fields: Fields, known: readonly string[]): Fields =>
  withoutTraps(Object.fromEntries(Object.entries(fields).filter(([name]) => !known.includes(name)))) as Fields;

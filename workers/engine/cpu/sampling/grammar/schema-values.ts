/** Reads a JSON Schema, of which nothing is known before it is looked at. */
import { failed, FailureError } from '../../../../../src/shared/protocol/failure';

export type Schema = Readonly<Record<string, unknown>>;

/** @throws FailureError `schema-invalid`, always */
export function refuse(technical: string): never {
  throw new FailureError(failed('schema-invalid', technical).failure);
}

export const isObject = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;
export const countOf = (value: unknown): number => Math.max(0, Math.floor(numberOf(value) ?? 0));
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The least number above, or the largest below, in steps of `unit`. */
export const above = (bound: number | undefined, unit: number): number | undefined =>
  bound === undefined ? undefined : unit === 1 ? Math.floor(bound) + 1 : bound + unit;
export const below = (bound: number | undefined, unit: number): number | undefined =>
  bound === undefined ? undefined : unit === 1 ? Math.ceil(bound) - 1 : bound - unit;

/** A part of a reference, which is an address in the schema: `a~1b%20c` is "a/b c". */
export function decoded(part: string): string {
  let text = part;
  try {
    text = decodeURIComponent(part);
  } catch {
    // A percent sign that stands for itself.
  }
  return text.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** Both have to hold: properties and what is required come together, of the rest the second counts. */
export function merged(one: unknown, other: unknown): unknown {
  if (one === true || (isObject(one) && Object.keys(one).length === 0)) return other;
  if (other === true) return one;
  if (!isObject(one) || !isObject(other)) return false;
  const sum: Record<string, unknown> = { ...one, ...other };
  if (isObject(one['properties']) && isObject(other['properties']))
    sum['properties'] = { ...one['properties'], ...other['properties'] };
  if (Array.isArray(one['required']) && Array.isArray(other['required']))
    sum['required'] = [...one['required'], ...other['required']];
  return sum;
}

/** What the fields of a result are made of. Each has bounds: what strangers bring must not grow without end. */
import * as v from 'valibot';

/** Finite, because JSON may say `9e999`, which is read as infinity. */
export const number = v.pipe(v.number(), v.finite());
/** A number of bytes, of milliseconds, of tokens per second: never below zero. */
export const amount = v.pipe(v.number(), v.finite(), v.minValue(0));
export const integer = v.pipe(v.number(), v.integer());
export const count = v.pipe(v.number(), v.integer(), v.minValue(0));
/** A figure that some runs do not have is null. */
export const amountOrNull = v.nullable(amount);
export const numberOrNull = v.nullable(number);
export const boolean = v.boolean();

/** @param longest in UTF-16 code units */
export const text = (longest: number) => v.pipe(v.string(), v.maxLength(longest));

/** @param most entries that it may have */
export const list = <Entry extends v.GenericSchema>(entry: Entry, most: number) =>
  v.pipe(v.array(entry), v.maxLength(most));

/** Numbers by names that nobody knows before. A list is no such thing, although JavaScript calls it an object. */
export const amountsByName = (most: number) =>
  v.pipe(
    v.custom<Readonly<Record<string, unknown>>>((value) => !Array.isArray(value), 'Expected Object'),
    v.record(v.string(), amount),
    v.maxEntries(most),
  );

type Frozen<T> = { readonly [Key in keyof T]: Frozen<T[Key]> };

/** What was read by a rule: nothing of it is ever changed. */
export type ReadBy<Rule extends v.GenericSchema> = Frozen<v.InferOutput<Rule>>;

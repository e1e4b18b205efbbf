/** Copies of our own records with fewer fields. */

/** `fields` without those that are undefined: what is absent must not be stored as present. */
export function present<T extends object>(fields: { readonly [K in keyof T]: T[K] | undefined }): T {
  // A copy, and no list of entries: what stands in for an unreadable record is known by a symbol.
  const copy = { ...fields };
  for (const [name, value] of Object.entries(copy)) if (value === undefined) Reflect.deleteProperty(copy, name);
  return copy as T;
}

/** A copy without some of the fields. */
export function without<T extends object, Name extends keyof T>(value: T, ...names: readonly Name[]): Omit<T, Name> {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name as Name))) as Omit<T, Name>;
}

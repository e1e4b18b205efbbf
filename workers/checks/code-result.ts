/** What code has returned, as it leaves the sandbox, and how it compares with JSON. */

/** `odd` is what JSON has no word for, by the word that JavaScript has: `NaN`, `undefined`, `Map`. */
export type CodeResult =
  | { readonly kind: 'plain'; readonly value: string | number | boolean | null }
  | { readonly kind: 'odd'; readonly word: string }
  | { readonly kind: 'list'; readonly items: readonly CodeResult[] }
  | { readonly kind: 'record'; readonly entries: readonly (readonly [string, CodeResult])[] };

/** Floating point ends in other digits, depending on the order of a sum; whole numbers don't. */
function sameNumber(a: number, b: number): boolean {
  if (Number.isInteger(a) && Number.isInteger(b)) return a === b;
  return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
}

/**
 * Whether a result is a value of JSON. −0 is 0. Properties that are undefined are none, as when JSON is written; anything else that is
 * odd is like nothing in JSON, not even null.
 */
export function isSame(result: CodeResult, wanted: unknown): boolean {
  if (result.kind === 'odd') return false;
  if (result.kind === 'plain')
    return typeof result.value === 'number' && typeof wanted === 'number'
      ? sameNumber(result.value, wanted)
      : result.value === wanted;
  if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted) !== (result.kind === 'list')) return false;
  if (result.kind === 'list') {
    const list = wanted as readonly unknown[];
    return result.items.length === list.length && result.items.every((item, index) => isSame(item, list[index]));
  }
  const entries = result.entries.filter(
    ([, { kind, ...rest }]) => !(kind === 'odd' && 'word' in rest && rest.word === 'undefined'),
  );
  const values = new Map(Object.entries(wanted));
  return (
    entries.length === values.size && entries.every(([key, value]) => values.has(key) && isSame(value, values.get(key)))
  );
}

/** As a programmer would write it; of long results, no more than is shown. */
export function shown(result: CodeResult): string {
  switch (result.kind) {
    case 'plain':
      return Object.is(result.value, -0) ? '-0' : JSON.stringify(result.value);
    case 'odd':
      return result.word;
    case 'list':
      return `[${result.items.slice(0, 50).map(shown).join(', ')}]`;
    case 'record':
      return `{${result.entries
        .slice(0, 50)
        .map(([key, value]) => `${JSON.stringify(key)}: ${shown(value)}`)
        .join(', ')}}`;
  }
}

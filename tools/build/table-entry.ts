/** A message as the JSON files have it, and as a build puts it into the table of its language. */
import type { TableEntry } from '../../src/text/split-word-tables.ts';

/** The variants of a message in the inlang message format: one text for each combination of plural categories. */
interface Variants {
  readonly declarations: readonly string[];
  readonly selectors: readonly string[];
  readonly match: Readonly<Record<string, string>>;
}

export type SourceMessage = string | readonly [Variants];

const pluralOf = /^local (\w+) = (\w+): plural$/;

/** @throws Error when a message has variants by something else than plurals: the table could not tell them apart */
export function tableEntry(message: SourceMessage): TableEntry {
  if (typeof message === 'string') return message;
  const [{ declarations, selectors, match }] = message;
  const inputOf = new Map(
    declarations.flatMap((line) => {
      const [, local, input] = pluralOf.exec(line) ?? [];
      return local !== undefined && input !== undefined ? [[local, input] as const] : [];
    }),
  );
  const inputs = selectors.map((selector) => {
    const input = inputOf.get(selector);
    if (input === undefined) throw new Error(`"${selector}" is not declared as a plural`);
    return input;
  });
  const texts = Object.entries(match).map(([conditions, text]) => {
    const categories = new Map(
      conditions.split(/\s*,\s*/).map((condition) => condition.split('=') as [string, string]),
    );
    return [selectors.map((selector) => categories.get(selector) ?? '').join(' '), text] as const;
  });
  return [inputs, Object.fromEntries(texts)];
}

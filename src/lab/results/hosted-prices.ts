/** What hosted models ask for, as a table that a person can change. */
import * as v from 'valibot';

/** Dollars for a million tokens. */
export interface HostedPrice {
  readonly id: string;
  readonly name: string;
  readonly inputPerMillion: number;
  readonly outputPerMillion: number;
  /** Prices change: shown beside the figure. */
  readonly asOf: { readonly kind: 'early'; readonly year: number } | { readonly kind: 'edited'; readonly at: number };
  /** Where the figure is from; empty for the person's own. */
  readonly source: string;
}

const early2026 = { kind: 'early', year: 2026 } as const;

/** List prices without discounts for batches or cached prompts. */
export const shippedPrices: readonly HostedPrice[] = [
  {
    id: 'gpt-4o',
    name: 'GPT-4o',
    inputPerMillion: 2.5,
    outputPerMillion: 10,
    asOf: early2026,
    source: 'https://openai.com/api/pricing/',
  },
  {
    id: 'claude-3.5-sonnet',
    name: 'Claude 3.5 Sonnet',
    inputPerMillion: 3,
    outputPerMillion: 15,
    asOf: early2026,
    source: 'https://www.anthropic.com/pricing',
  },
  {
    id: 'deepseek-v3',
    name: 'DeepSeek-V3',
    inputPerMillion: 0.27,
    outputPerMillion: 1.1,
    asOf: early2026,
    source: 'https://api-docs.deepseek.com/quick_start/pricing',
  },
];

const dollars = v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(1e6));
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(100));

/** What the person has changed, as it is stored. A later version's prices don't replace it. */
const editsLayout = v.object({
  changed: v.pipe(
    v.array(
      v.object({
        id: name,
        name,
        inputPerMillion: dollars,
        outputPerMillion: dollars,
        at: v.pipe(v.number(), v.finite()),
      }),
    ),
    v.maxLength(100),
  ),
  removed: v.pipe(v.array(name), v.maxLength(100)),
});

export type PriceEdits = v.InferOutput<typeof editsLayout>;

export const noPriceEdits: PriceEdits = { changed: [], removed: [] };

/** What was stored, or no edits where it can't be read. */
export function readPriceEdits(stored: unknown): PriceEdits {
  const read = v.safeParse(editsLayout, stored);
  return read.success ? read.output : noPriceEdits;
}

/** The shipped ones as far as the person has left them, then the person's own. */
export function hostedPrices({ changed, removed }: PriceEdits): HostedPrice[] {
  const edited = new Map(
    changed.map(({ at, ...price }): [string, HostedPrice] => [
      price.id,
      { ...price, asOf: { kind: 'edited', at }, source: '' },
    ]),
  );
  const shipped = new Set(shippedPrices.map(({ id }) => id));
  return [
    ...shippedPrices.map((price) => edited.get(price.id) ?? price),
    ...[...edited.values()].filter(({ id }) => !shipped.has(id)),
  ].filter(({ id }) => !removed.includes(id));
}

/**
 * What is added to the logits of single tokens, by token id or by text: `{ "15043": 5, " delve": -100 }`. A key of digits is an
 * id, as in the field's APIs; any other is a text, and counts for each token that the model makes of it, as llama.cpp's server
 * has it. Ids belong to one model, texts hold across models.
 */
export type LogitBias = Readonly<Record<string, number>>;

/** At this a token is as good as forced, and at its negative as good as forbidden. */
export const mostBias = 100;
/** More entries than these are a mistake, and each costs an addition for every token of an answer. */
const mostEntries = 300;
const longestText = 100;

/** @returns undefined for everything that is no bias, as a whole: half of one would mean something else */
export function logitBiasFrom(value: unknown): LogitBias | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries<unknown>(value as Readonly<Record<string, unknown>>);
  const isBias = ([key, bias]: readonly [string, unknown]): boolean =>
    key !== '' && key.length <= longestText && typeof bias === 'number' && Math.abs(bias) <= mostBias;
  return entries.length <= mostEntries && entries.every(isBias) ? (value as LogitBias) : undefined;
}

/**
 * The same by token ids, for engines that know only these.
 * @param encode a text without what a model wants at the beginning and the end of one
 */
export function biasOfTokens(bias: LogitBias, encode: (text: string) => readonly number[]): Record<number, number> {
  const tokens: Record<number, number> = {};
  for (const [key, value] of Object.entries(bias))
    for (const token of /^\d+$/.test(key) ? [Number(key)] : encode(key))
      // Two texts may share a token: both count, within what can be asked for.
      tokens[token] = Math.max(-mostBias, Math.min(mostBias, (tokens[token] ?? 0) + value));
  return tokens;
}

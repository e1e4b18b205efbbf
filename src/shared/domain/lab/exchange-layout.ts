/**
 * Results of a run as JSON Lines, layout `sotto-lab/1.0`: first the run, then an answer on each line. Cases are named by their place in
 * the set, whose order the hash of the set fixes; the ids of cases belong to one device. Times are ms.
 */
import * as v from 'valibot';
import { mostCases } from './case-set';
import { answerEntries, count, runEntries, text } from './run-layout';

export const labSchemaName = 'sotto-lab';
export const labSchema = `${labSchemaName}/1.0`;
export const labSchemaMajor = 1;

/** As much as 50,000 answers of a page each, and as a browser reads in a few seconds. */
export const mostExchangeBytes = 64 * 1024 ** 2;
export const mostAnswers = 50_000;

const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

export const exchangeHead = v.object({
  schema: v.pipe(v.string(), v.regex(/^sotto-lab\/1\.\d{1,3}$/)),
  set: v.object({ name: text(300), hash: sha256, cases: v.pipe(count, v.maxValue(mostCases)) }),
  ...runEntries,
  /** False: the texts of answers were left out on export. */
  texts: v.boolean(),
});

export const exchangeAnswer = v.object({
  contender: text(200),
  /** Place of the case in the set, from 0. */
  case: count,
  ...answerEntries,
});

export type ExchangeHead = v.InferOutput<typeof exchangeHead>;
export type ExchangeAnswer = v.InferOutput<typeof exchangeAnswer>;

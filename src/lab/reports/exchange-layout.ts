/**
 * Results of a run as JSON Lines, layout `sotto-lab/1.0`: first the run, then an answer on each line. Cases are named by their place in
 * the set, whose order the hash of the set fixes; the ids of cases belong to one device. Times are ms.
 */
import * as v from 'valibot';
import type { FindingReason } from '../../shared/domain/lab/check';

export const labSchemaName = 'sotto-lab';
export const labSchema = `${labSchemaName}/1.0`;
export const labSchemaMajor = 1;

/** As much as 50,000 answers of a page each, and as a browser reads in a few seconds. */
export const mostExchangeBytes = 64 * 1024 ** 2;
export const mostAnswers = 50_000;
export const mostContenders = 100;
export const mostCases = 50_000;
export const longestText = 200_000;

const amount = v.pipe(v.number(), v.finite(), v.minValue(0));
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e9));
/** ms since 1970 that a `Date` can name. */
const moment = v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(8.64e15));
const text = (longest: number) => v.pipe(v.string(), v.maxLength(longest));
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

const contender = v.object({
  id: v.pipe(text(200), v.minLength(1)),
  modelId: text(300),
  name: text(300),
  thinking: v.exactOptional(v.picklist(['on', 'off'])),
});

const facts = v.object({
  contenderId: text(200),
  engine: text(60),
  engineVersion: text(120),
  backend: text(60),
  threads: count,
  contextTokens: count,
  weightsSha256: v.pipe(v.string(), v.regex(/^([0-9a-f]{64})?$/)),
  bytes: amount,
  memoryBytes: v.exactOptional(amount),
  license: v.nullable(text(200)),
  loadMs: amount,
});

export const exchangeHead = v.object({
  schema: v.pipe(v.string(), v.regex(/^sotto-lab\/1\.\d{1,3}$/)),
  set: v.object({ name: text(300), hash: sha256, cases: v.pipe(count, v.maxValue(mostCases)) }),
  settings: v.object({
    temperature: amount,
    seed: v.pipe(v.number(), v.finite()),
    maxTokens: count,
    samples: v.pipe(count, v.minValue(1), v.maxValue(1000)),
    limitSeconds: amount,
  }),
  contenders: v.pipe(v.array(contender), v.minLength(1), v.maxLength(mostContenders)),
  facts: v.pipe(v.array(facts), v.maxLength(mostContenders)),
  judge: v.nullable(contender),
  state: v.picklist(['running', 'paused', 'finished', 'stopped']),
  startedAt: moment,
  updatedAt: moment,
  app: v.object({ version: text(40), commit: text(64) }),
  /** False: the texts of answers were left out on export. */
  texts: v.boolean(),
});

const everyReason = {
  'as-expected': true,
  different: true,
  missing: true,
  present: true,
  'no-match': true,
  'not-json': true,
  'breaks-schema': true,
  'schema-unusable': true,
  'remote-schema': true,
  'no-number': true,
  'other-number': true,
  'no-choice': true,
  'other-choice': true,
  'other-language': true,
  'language-unclear': true,
  'too-short': true,
  'too-long': true,
  declines: true,
  answers: true,
  'too-slow': true,
  'too-far': true,
  'no-code': true,
  'wrong-result': true,
  'code-error': true,
  'code-endless': true,
  'code-memory': true,
  'pattern-endless': true,
  'pattern-broken': true,
  'check-broke': true,
  'not-judged': true,
  'judge-unclear': true,
  judged: true,
} satisfies Record<FindingReason, true>;

export const knownReasons = Object.keys(everyReason) as FindingReason[];

const finding = v.object({
  outcome: v.picklist(['pass', 'fail', 'none']),
  /** Another version may know other reasons. */
  reason: v.pipe(text(60), v.regex(/^[a-z-]+$/)),
  detail: v.exactOptional(text(500)),
});

export const exchangeAnswer = v.object({
  contender: text(200),
  /** Place of the case in the set, from 0. */
  case: count,
  sample: count,
  text: text(longestText),
  thought: text(longestText),
  finishReason: v.nullable(v.picklist(['stop', 'length', 'context-full', 'cancelled'])),
  trouble: v.exactOptional(
    v.object({ kind: v.picklist(['too-long', 'engine-failed', 'no-room', 'variable-missing']), detail: text(2000) }),
  ),
  promptTokens: count,
  completionTokens: count,
  thoughtTokens: count,
  firstTokenMs: amount,
  decodeMs: amount,
  totalMs: amount,
  findings: v.pipe(v.array(finding), v.maxLength(200)),
  personal: v.exactOptional(v.picklist(['pass', 'fail'])),
  answeredAt: moment,
});

export type ExchangeHead = v.InferOutput<typeof exchangeHead>;
export type ExchangeAnswer = v.InferOutput<typeof exchangeAnswer>;

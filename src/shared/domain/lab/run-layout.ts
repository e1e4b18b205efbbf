/** What a run consists of, as it is read from files: by the Lab itself, and by the import of everything. */
import * as v from 'valibot';
import { findingReasons, type Finding } from './check';

export const mostContenders = 100;
export const longestText = 200_000;

export const amount = v.pipe(v.number(), v.finite(), v.minValue(0));
export const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e9));
/** ms since 1970 that a `Date` can name; before that where the clock of a device is wrong. */
export const moment = v.pipe(v.number(), v.finite(), v.minValue(-8.64e15), v.maxValue(8.64e15));
export const text = (longest: number) => v.pipe(v.string(), v.maxLength(longest));

export const contender = v.object({
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

const settings = v.object({
  temperature: amount,
  seed: v.pipe(v.number(), v.finite()),
  maxTokens: count,
  samples: v.pipe(count, v.minValue(1), v.maxValue(1000)),
  limitSeconds: amount,
});

export const runEntries = {
  settings,
  contenders: v.pipe(v.array(contender), v.minLength(1), v.maxLength(mostContenders)),
  facts: v.pipe(v.array(facts), v.maxLength(mostContenders)),
  judge: v.nullable(contender),
  state: v.picklist(['running', 'paused', 'finished', 'stopped']),
  startedAt: moment,
  updatedAt: moment,
  app: v.object({ version: text(40), commit: text(64) }),
};

/** A reason that only a later version has words for becomes the plainest one with the same outcome. */
const plainReasons = { pass: 'as-expected', fail: 'different', none: 'not-judged' } as const;

const finding = v.pipe(
  v.object({
    outcome: v.picklist(['pass', 'fail', 'none']),
    reason: v.pipe(text(60), v.regex(/^[a-z-]+$/)),
    detail: v.exactOptional(text(500)),
  }),
  v.transform(({ reason, ...found }): Finding => ({
    ...found,
    reason: findingReasons.find((name) => name === reason) ?? plainReasons[found.outcome],
  })),
);

export const answerEntries = {
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
};

/** The Lab's records in a file of everything, each checked: the file may have been written by anybody. */
import * as v from 'valibot';
import { failureKinds } from '../../protocol/failure';
import type { Fields } from '../fields';
import { isShallow } from '../shallow';
import { mostCases, type CaseSet } from './case-set';
import type { Check } from './check';
import { checkFrom } from './check-fields';
import type { BlindChoice, LabAnswer, LabRun } from './run';
import { answerEntries, count, longestText, moment, runEntries, text } from './run-layout';

export type LabRecord =
  | { readonly type: 'lab-set'; readonly set: CaseSet }
  /** With its set as it was when it began. */
  | { readonly type: 'lab-run'; readonly run: LabRun; readonly set: CaseSet }
  | { readonly type: 'lab-answer'; readonly answer: LabAnswer }
  | { readonly type: 'lab-choice'; readonly choice: BlindChoice };

/** Parts of ids are joined by colons. */
const id = v.pipe(v.string(), v.regex(/^[\w.:/-]{1,400}$/));
const part = v.pipe(v.string(), v.regex(/^[\w./-]{1,200}$/));

const check = v.pipe(
  v.unknown(),
  v.check((value) => isShallow(value) && checkFrom(value) !== null),
  v.transform((value) => checkFrom(value) as Check),
);
const turns = v.pipe(
  v.array(v.object({ role: v.picklist(['system', 'user', 'assistant']), content: text(5_000_000) })),
  v.maxLength(1000),
);
const checks = v.pipe(v.array(check), v.maxLength(1000));

const labCase = v.object({
  id: part,
  variables: v.record(v.string(), v.string()),
  turns: v.exactOptional(turns),
  checks,
  reference: v.exactOptional(text(longestText)),
  category: v.exactOptional(text(300)),
});

const set = v.object({
  // Of one that ships with the app: it has a colon.
  id,
  name: text(500),
  about: v.exactOptional(text(5000)),
  prompt: turns,
  checks,
  cases: v.pipe(v.array(labCase), v.maxLength(mostCases)),
  settings: runEntries.settings,
  createdAt: moment,
  updatedAt: moment,
});

const kind = v.picklist(failureKinds);

const run = v.object({
  id: part,
  setId: id,
  setName: text(500),
  setHash: text(64),
  ...runEntries,
  lost: v.pipe(v.array(v.object({ contenderId: part, kind, technical: text(2000) })), v.maxLength(100)),
  stoppedBy: v.exactOptional(kind),
  importedAt: v.exactOptional(moment),
  caseCount: count,
});

const answer = v.object({
  id,
  runId: part,
  contenderId: part,
  caseId: part,
  ...answerEntries,
  outcome: v.picklist(['pass', 'fail', 'none']),
});

const choice = v.object({
  id,
  runId: part,
  caseId: part,
  left: part,
  right: part,
  choice: v.picklist(['left', 'right', 'equal', 'both-bad']),
  chosenAt: moment,
});

const layouts = {
  'lab-set': v.object({ type: v.literal('lab-set'), set }),
  'lab-run': v.object({ type: v.literal('lab-run'), run, set }),
  'lab-answer': v.object({ type: v.literal('lab-answer'), answer }),
  'lab-choice': v.object({ type: v.literal('lab-choice'), choice }),
};

/** Null where something in it is not what the layout says. Fields that the layout does not name are left out. */
export function labRecordFrom(type: LabRecord['type'], fields: Fields): LabRecord | null {
  const result = v.safeParse(layouts[type], fields);
  if (!result.success) return null;
  return result.output as LabRecord;
}

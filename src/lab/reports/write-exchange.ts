import type { CaseSet } from '../../shared/domain/lab/case-set';
import { cutText } from '../../shared/domain/cut-text';
import type { LabAnswer, LabRun } from '../../shared/domain/lab/run';
import { answersByCase } from '../results/counted-answers';
import { longestText } from '../../shared/domain/lab/run-layout';
import { labSchema, type ExchangeAnswer, type ExchangeHead } from '../../shared/domain/lab/exchange-layout';

/**
 * A run for somebody else: see `exchange-layout.ts`. Ids of the run, of the set, and of cases stay here.
 * @param set as it was when the run began
 * @param texts whether answers, thoughts, and what checks quote of them go along; scores and times always do
 */
export function writeExchange(run: LabRun, set: CaseSet, answers: readonly LabAnswer[], texts: boolean): Blob {
  const lines = run.contenders.flatMap(({ id }) =>
    [...answersByCase(run, set, answers, id).values()].flatMap((group, index) =>
      group.map((answer) => JSON.stringify(exchanged(answer, index, texts))),
    ),
  );
  // One part for each line: a single text of all answers might be longer than a text can be.
  const parts = [JSON.stringify(headOf(run, set, texts)), ...lines].map((line) => `${line}\n`);
  return new Blob(parts, { type: 'application/jsonl' });
}

const headOf = (run: LabRun, set: CaseSet, texts: boolean): ExchangeHead => ({
  schema: labSchema,
  set: { name: run.setName, hash: run.setHash, cases: set.cases.length },
  settings: run.settings,
  contenders: [...run.contenders],
  facts: [...run.facts],
  judge: run.judge,
  state: run.state,
  startedAt: run.startedAt,
  updatedAt: run.updatedAt,
  app: run.app,
  texts,
});

function exchanged(answer: LabAnswer, index: number, texts: boolean): ExchangeAnswer {
  const { contenderId, sample, finishReason, trouble, personal, findings } = answer;
  const { promptTokens, completionTokens, thoughtTokens, firstTokenMs, decodeMs, totalMs, answeredAt } = answer;
  return {
    contender: contenderId,
    case: index,
    sample,
    text: texts ? cutText(answer.text, longestText) : '',
    thought: texts ? cutText(answer.thought, longestText) : '',
    finishReason,
    ...(trouble && { trouble: { kind: trouble.kind, detail: texts ? cutText(trouble.detail, 2000) : '' } }),
    promptTokens,
    completionTokens,
    thoughtTokens,
    firstTokenMs,
    decodeMs,
    totalMs,
    findings: findings.map(({ outcome, reason, detail }) => ({
      outcome,
      reason,
      ...(texts && detail !== undefined && { detail }),
    })),
    ...(personal && { personal }),
    answeredAt,
  };
}

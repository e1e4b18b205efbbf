/** Results of somebody else. The file was written by anybody: it is bounded before it is read, and only what the layout names passes. */
import * as v from 'valibot';
import { cutText } from '../../shared/domain/cut-text';
import type { CaseSet } from '../../shared/domain/lab/case-set';
import type { LabAnswer, LabRun, RunId } from '../../shared/domain/lab/run';
import { FailureError } from '../../shared/protocol/failure';
import { combinedOutcome } from '../checks/combined-outcome';
import {
  exchangeAnswer,
  exchangeHead,
  labSchemaMajor,
  labSchemaName,
  mostAnswers,
  mostExchangeBytes,
  type ExchangeAnswer,
  type ExchangeHead,
} from './exchange-layout';

/** Not yet bound to a set of this device. */
export interface ReadResults {
  readonly head: ExchangeHead;
  /** Of each contender, case and sample at most one. */
  readonly answers: readonly ExchangeAnswer[];
}

/**
 * @throws FailureError `lab-results-newer` for a layout of another major version, `lab-results-unreadable` for anything else,
 * with the number of the line
 */
export async function readExchange(file: Blob): Promise<ReadResults> {
  if (file.size > mostExchangeBytes) throw unreadable(`${file.size} bytes`);
  const [first = '', ...lines] = (await file.text()).trimEnd().split('\n');
  if (lines.length > mostAnswers) throw unreadable(`${lines.length} answers`);
  const head = readHead(parsed(first, 1));
  const answers = new Map<string, ExchangeAnswer>();
  const contenders = new Set(head.contenders.map(({ id }) => id));
  if (contenders.size < head.contenders.length) throw unreadable('line 1: two contenders with one id');
  for (const [index, line] of lines.entries()) {
    const number = index + 2;
    const answer = checked(exchangeAnswer, parsed(line, number), number);
    if (!contenders.has(answer.contender)) throw unreadable(`line ${number}: a contender that line 1 lacks`);
    if (answer.case >= head.set.cases) throw unreadable(`line ${number}: case ${answer.case} of ${head.set.cases}`);
    if (answer.sample >= head.settings.samples) throw unreadable(`line ${number}: sample ${answer.sample}`);
    answers.set(JSON.stringify([answer.contender, answer.case, answer.sample]), answer);
  }
  return { head, answers: [...answers.values()] };
}

function parsed(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw unreadable(`line ${number}: no JSON`);
  }
}

function readHead(data: unknown): ExchangeHead {
  const named: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, 'schema') : null;
  const version = typeof named === 'string' ? new RegExp(`^${labSchemaName}/(\\d{1,6})\\.\\d{1,6}$`).exec(named) : null;
  if (!version) throw unreadable(`not ${labSchemaName}`);
  const [subject, major] = version;
  if (Number(major) > labSchemaMajor)
    throw new FailureError({ kind: 'lab-results-newer', technical: subject, subject });
  return checked(exchangeHead, data, 1);
}

function checked<Layout extends v.GenericSchema>(layout: Layout, data: unknown, number: number): v.InferOutput<Layout> {
  const read = v.safeParse(layout, data, { abortEarly: true });
  if (read.success) return read.output;
  const [issue] = read.issues;
  // It quotes what it found, which may be long.
  throw unreadable(cutText(`line ${number}, ${v.getDotPath(issue) ?? 'the whole'}: ${issue.message}`, 200));
}

const unreadable = (technical: string): FailureError => new FailureError({ kind: 'lab-results-unreadable', technical });

/** Whether these are results of the same prompt, checks, and cases. */
export const isOfSet = ({ head }: ReadResults, set: CaseSet, setHash: string): boolean =>
  head.set.hash === setHash && head.set.cases === set.cases.length;

/**
 * The results as a run of this device: comparable with its own runs of the set, and never in the place of one of them.
 * An outcome follows from the findings, whatever the file says: nobody gets better by writing so.
 * @param setHash of `set`
 * @param runId a new one
 * @throws FailureError `lab-results-other-set`
 */
export function adoptResults(
  read: ReadResults,
  set: CaseSet,
  setHash: string,
  runId: RunId,
): { readonly run: LabRun; readonly answers: readonly LabAnswer[] } {
  const { head } = read;
  if (!isOfSet(read, set, setHash)) throw new FailureError({ kind: 'lab-results-other-set', technical: head.set.hash });
  const { settings, contenders, facts, judge, state, startedAt, updatedAt, app } = head;
  const run: LabRun = {
    id: runId,
    setId: set.id,
    setName: set.name,
    setHash,
    settings,
    contenders,
    facts,
    lost: [],
    judge,
    // Nobody here can go on with it.
    state: state === 'finished' ? 'finished' : 'stopped',
    caseCount: set.cases.length,
    startedAt,
    updatedAt,
    importedAt: Date.now(),
    app,
  };
  const answers = read.answers.flatMap(({ contender, case: index, ...answer }): LabAnswer[] => {
    const caseId = set.cases[index]?.id;
    if (caseId === undefined) return [];
    const id = `${runId}:${contender}:${caseId}:${answer.sample}`;
    // An answer in trouble has failed without a finding.
    const outcome = answer.trouble ? 'fail' : combinedOutcome(answer.findings);
    return [{ ...answer, id, runId, contenderId: contender, caseId, outcome }];
  });
  return { run, answers };
}

/** Results of somebody else. The file was written by anybody: it is bounded before it is read, and only what the layout names passes. */
import * as v from 'valibot';
import { cutText } from '../../src/shared/domain/cut-text';
import {
  exchangeAnswer,
  exchangeHead,
  labSchemaMajor,
  labSchemaName,
  mostAnswers,
  mostExchangeBytes,
  type ExchangeAnswer,
  type ExchangeHead,
} from '../../src/shared/domain/lab/exchange-layout';
import { FailureError } from '../../src/shared/protocol/failure';
import type { ReadResults } from '../../src/shared/protocol/set-files';

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

/** What the worker for files of the Lab is asked: sets and results, read from files and written to them. It has no network. */
import type { SetDraft } from '../domain/lab/case-set';
import type { ExchangeAnswer, ExchangeHead } from '../domain/lab/exchange-layout';
import type { LabAnswer, LabRun } from '../domain/lab/run';
import type { SetNote } from '../domain/lab/set-note';
import type { Result } from './failure';

export interface ReadSet {
  /** Several where the file has several prompts: the person chooses. Their cases are the same. */
  readonly sets: readonly [SetDraft, ...SetDraft[]];
  /** All that the file asks for and is not done. */
  readonly notes: readonly SetNote[];
}

/** Not yet bound to a set of this device. */
export interface ReadResults {
  readonly head: ExchangeHead;
  /** Of each contender, case and sample at most one. */
  readonly answers: readonly ExchangeAnswer[];
}

export type SetForm = 'csv' | 'yaml' | 'jsonl';

export interface WrittenSet {
  readonly text: string;
  /** Kinds of checks that the program of this form does not run, each once. */
  readonly unknownThere: readonly string[];
}

export interface SetResults {
  readonly run: LabRun;
  readonly answers: readonly LabAnswer[];
}

/** Said while a set is read: how much of the file has been, 0 to 1. Only the slowest format says so. */
export interface SetProgress {
  readonly fraction: number;
}

export interface SetFilesApi {
  /** @param name of the file, by which its format is known; empty for pasted text */
  readSet(name: string, content: Blob | string): Promise<Result<ReadSet>>;
  writeSet(form: SetForm, set: SetDraft): Promise<Result<WrittenSet>>;
  readResults(file: Blob): Promise<Result<ReadResults>>;
  /** @returns a table with a row for each case */
  writeResults(set: SetDraft, results: SetResults): Promise<Result<string>>;
}

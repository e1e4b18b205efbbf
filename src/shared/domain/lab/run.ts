/** One set on some contenders, and what they answered. */
import type { FinishReason } from '../../protocol/engine';
import type { FailureKind } from '../../protocol/failure';
import type { AnswerSettings, CaseId, SetId } from './case-set';
import type { Finding, Outcome } from './check';

export type RunId = string;
export type ContenderId = string;

/** A model with its settings. */
export interface Contender {
  readonly id: ContenderId;
  readonly modelId: string;
  readonly name: string;
  /** Absent: as the model likes. */
  readonly thinking?: 'on' | 'off';
}

/** What was really loaded for a contender; absent until it was. */
export interface ContenderFacts {
  readonly contenderId: ContenderId;
  readonly engine: string;
  readonly engineVersion: string;
  readonly backend: string;
  readonly threads: number;
  readonly contextTokens: number;
  /** SHA-256 of the weights, where one file has them; else empty. */
  readonly weightsSha256: string;
  /** Bytes of the weights. */
  readonly bytes: number;
  /** What it takes to run, in bytes, measured or estimated; absent where nobody knows. */
  readonly memoryBytes?: number;
  readonly license: string | null;
  readonly loadMs: number;
}

/** Why a contender could not go on: deleted meanwhile, or it cannot be loaded. */
export interface LostContender {
  readonly contenderId: ContenderId;
  readonly kind: FailureKind;
  readonly technical: string;
}

export type RunState = 'running' | 'paused' | 'finished' | 'stopped';

export interface LabRun {
  readonly id: RunId;
  readonly setId: SetId;
  readonly setName: string;
  /** SHA-256 of the set's prompt, checks and cases: results of the same cases can be compared. */
  readonly setHash: string;
  readonly settings: AnswerSettings;
  readonly contenders: readonly Contender[];
  readonly facts: readonly ContenderFacts[];
  readonly lost: readonly LostContender[];
  /** The model that judges rubrics; null where nobody does. */
  readonly judge: Contender | null;
  readonly state: RunState;
  /** Why it is paused, where nobody pressed the button. */
  readonly stoppedBy?: FailureKind;
  readonly caseCount: number;
  /** In ms since 1970. */
  readonly startedAt: number;
  readonly updatedAt: number;
  /** When it came here from a file, in ms since 1970: its times and speed may be those of another device. */
  readonly importedAt?: number;
  readonly app: { readonly version: string; readonly commit: string };
}

/** How a case ended without a whole answer. */
export type CaseTrouble = 'too-long' | 'engine-failed' | 'no-room' | 'variable-missing';

export interface LabAnswer {
  /** `<run>:<contender>:<case>:<sample>`: writing one twice keeps one. */
  readonly id: string;
  readonly runId: RunId;
  readonly contenderId: ContenderId;
  readonly caseId: CaseId;
  /** From 0. */
  readonly sample: number;
  readonly text: string;
  /** Empty where the model did not think. */
  readonly thought: string;
  readonly finishReason: FinishReason | null;
  readonly trouble?: { readonly kind: CaseTrouble; readonly detail: string };
  readonly promptTokens: number;
  /** Thought included. */
  readonly completionTokens: number;
  /** Estimated from the share of the text; 0 where the model did not think. */
  readonly thoughtTokens: number;
  readonly firstTokenMs: number;
  /** From the first token to the last: completionTokens − 1 intervals. */
  readonly decodeMs: number;
  /** From the question to the end, as the page saw it. */
  readonly totalMs: number;
  /** One for each check of the set, then of the case. */
  readonly findings: readonly Finding[];
  /** Pass only where every check passes. */
  readonly outcome: Outcome;
  /** What the person said, without knowing whose answer it was. */
  readonly personal?: 'pass' | 'fail';
  readonly answeredAt: number;
}

/** A person's choice between two answers to one case, whose names were hidden. */
export interface BlindChoice {
  readonly id: string;
  readonly runId: RunId;
  readonly caseId: CaseId;
  /** Contenders. */
  readonly left: ContenderId;
  readonly right: ContenderId;
  readonly choice: 'left' | 'right' | 'equal' | 'both-bad';
  readonly chosenAt: number;
}

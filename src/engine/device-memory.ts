/** What is remembered of models on this device. */
import type { BackendTrial } from '../shared/domain/engine-choice';
import { LocalFacts } from './local-facts.svelte';

export interface LoadMark {
  readonly name: string;
  /** ms since the epoch */
  readonly at: number;
}

/** By `gpuKey`. */
export const backendTrials = new LocalFacts<BackendTrial>('sotto.backend-trials');
/**
 * By `gpuKey` or `cpuKey`: whether the known answer came out right, or a person took the model all the same. `wrong` is only
 * remembered where another engine can compute the model instead.
 */
export const checkedAnswers = new LocalFacts<'right' | 'accepted' | 'wrong'>('sotto.checked-answers');
/** By model: large loads that are running. One that is found at the start of a page has ended the page before. */
export const runningLoads = new LocalFacts<LoadMark>('sotto.running-loads');
/** By model: loads that ended a page, until one succeeds. */
export const crashedLoads = new LocalFacts<LoadMark>('sotto.crashed-loads');

/** How fast this device was found to be, without a benchmark. */
export interface QuickSpeeds {
  /** ms since the epoch, of the last check */
  readonly at: number;
  /** How many checks these are the best of: what else runs makes a device slower, never faster. */
  readonly checks: number;
  /** GB/s of memory, at the threads of a large model; null where it could not be measured. */
  readonly cpu: number | null;
  readonly gpu: number | null;
  /** Threads that read. */
  readonly threads: number;
  /** Tokens per second of the Guide; null where it was not loaded. */
  readonly prefill: number | null;
  readonly decode: number | null;
  /** GB of its weights that it reads in a second while it writes, on one thread: what an engine makes of a core. */
  readonly coreRate: number | null;
}

/** Under `here`. */
export const quickSpeeds = new LocalFacts<QuickSpeeds>('sotto.quick-speeds');

/** Somebody who computes the model that is measured. All are asked the same two questions. */
import type { CeilingReadings, WeightAccounting } from '../../../src/shared/domain/benchmark/ceiling';

export const contenderNames = ['sotto', 'sotto-fixed', 'firefox', 'webkit', 'wllama', 'native'] as const;
/** `sotto-fixed` is without relaxed SIMD; `firefox` and `webkit` are Sotto's engine there. */
export type ContenderName = (typeof contenderNames)[number];

export const titles: Readonly<Record<ContenderName, string>> = {
  sotto: 'Chromium',
  'sotto-fixed': 'Chromium without relaxed SIMD',
  firefox: 'Firefox',
  webkit: 'WebKitGTK',
  wllama: 'wllama in Chromium',
  native: 'native llama.cpp',
};

export interface OpenOptions {
  /** In the folder of the models. */
  readonly file: string;
  readonly threads: number;
  readonly contextTokens: number;
}

export interface Contender {
  readonly name: ContenderName;
  /** As it says itself. */
  readonly version: string;
  /** As many as it really has: a browser that shares no memory between threads has one. */
  readonly threads: number;
  /** From the call to the loaded model, in ms. */
  readonly loadMs: number;
  readonly accounting?: WeightAccounting;
  /** Bytes of memory that the loaded model has added to the process it is in; null where that is not known. */
  readonly memoryBytes: number | null;
  /** @returns tokens per second */
  prefill(tokens: number): Promise<number>;
  /** @returns tokens per second */
  decode(tokens: number, depth: number): Promise<number>;
  /** The limit that memory sets, as the benchmark measures it; null where it is not asked. */
  ceiling(): Promise<CeilingReadings | null>;
  close(): Promise<void>;
}

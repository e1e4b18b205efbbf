import type { CpuEngineKind } from './engine-choice';
import type { Senses } from './senses';
import type { Backend, EngineKind, KvCacheType, SamplingOptions } from '../protocol/engine';

/** Whether the id of a model is that of one on a server. */
export const isServed = (modelId: string): boolean => modelId.startsWith('server:');

/** A model a person can choose. */
export interface ModelDescriptor {
  readonly id: string;
  /** The display name, also the accessible name of its article on the Models screen. */
  readonly name: string;
  readonly engine: EngineKind;
  /** Where its weights are: shipped with the app, in the weights store, in a file opened from disk for this visit, or elsewhere. */
  readonly source:
    | { readonly kind: 'built-in'; readonly path: string; readonly sha256: string }
    | { readonly kind: 'stored' }
    | { readonly kind: 'file'; readonly fileName: string }
    /** Nowhere here: a server of the person's own computes it. */
    | { readonly kind: 'server'; readonly serverId: string; readonly address: string; readonly model: string };
  /** Of its weights; 0 for a model of a server, which tells nothing of them. */
  readonly bytes: number;
  /** SPDX identifier; absent when unknown, as for a file a person opens. */
  readonly license?: string;
  /** Context window in tokens; the model's own limit when absent. */
  readonly contextTokens?: number;
  /** How many questions before the last one it is shown, with their answers; all of the conversation when absent. */
  readonly recalledQuestions?: number;
  /** As a person wants it; decided by the app when absent. */
  readonly backend?: Backend;
  /** For GGUF on the CPU, as a person wants it; Sotto's own where it can compute the model when absent. */
  readonly cpuEngine?: CpuEngineKind;
  /** For GGUF: as its header names it; absent until the file has been read. */
  readonly architecture?: string;
  readonly kvCache?: KvCacheType;
  /** What it takes beside words, where that is known; words alone when absent. */
  readonly senses?: Senses;
  /** What a generation uses where the person has set nothing. */
  readonly sampling: SamplingOptions;
  /** The same, where the model thinks first; as `sampling` when absent. */
  readonly samplingWhenThinking?: SamplingOptions;
  /** Whether it thinks where the person has chosen nothing, as its card says; left to its chat template when absent. */
  readonly thinking?: 'on' | 'off';
  /** Of a model on a server: where it is, in few words, and what is said before a message goes there. */
  readonly elsewhere?: { readonly badge: () => string; readonly notice: () => string };
}

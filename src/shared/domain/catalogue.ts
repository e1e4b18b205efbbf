/** The shape of the catalogue of models that can be downloaded. The data are JSON in `src/models/catalogue/`. */
import type { WeightsFormat } from '../protocol/weights';

export type ModelTask = 'chat' | 'code' | 'maths' | 'reasoning' | 'translation';

/** `switchable`: a person can turn it on and off. */
export type ThinkingMode = 'none' | 'always' | 'switchable';

/** A text in every language of the app. */
export type Words = Readonly<Record<'en' | 'zh-CN', string>>;

/** What holds for all sizes of one family. */
export interface CatalogueFamily {
  readonly id: string;
  readonly name: string;
  /** The year of its newest models. */
  readonly released: number;
  /** Who made it, and where. */
  readonly origin: Words;
  /** Where its alignment differs from others', in neutral words: what it declines, which view it takes on what. */
  readonly alignment: Words;
}

/** Where a figure is from. */
export type FigureSource =
  /** The list of files of its repository. */
  | 'repository'
  /** The model's own `config.json`, or arithmetic on it. */
  | 'config'
  /** What its makers write on its card, mostly rounded. */
  | 'card'
  /** The list of models inside WebLLM. */
  | 'webllm'
  /** Computed by us from parameters and bits, or from weights, cache and buffers. */
  | 'estimate';

/** The numbers of an entry that somebody might rely on. */
type CatalogueFigure =
  'parameters' | 'contextTokens' | 'bytes' | 'memoryBytes' | 'largestTensorBytes' | 'kvBytesPerToken';

/** One set of weights: a model in one quantisation for one engine. */
export interface CatalogueEntry {
  readonly id: string;
  /** Id of its `CatalogueFamily`. */
  readonly family: string;
  /** The model, without its quantisation: "Qwen3 0.6B". */
  readonly title: string;
  readonly goodFor: Words;
  readonly tasks: readonly ModelTask[];
  readonly thinking: ThinkingMode;
  readonly parameters: number;
  /** "Q4_K_M", "q4f16_1"… */
  readonly quantisation: string;
  /** The window the model was trained for, in tokens. */
  readonly contextTokens: number;
  /** SPDX identifier, or the licence's own name. */
  readonly licence: string;
  readonly format: WeightsFormat;
  /** "owner/name" on the Hugging Face hub. */
  readonly repository: string;
  readonly revision: string;
  /** For GGUF: the file, or the first part of a split one. */
  readonly file?: string;
  /** For GGUF: as its header names it, where that is known before the download. */
  readonly architecture?: string;
  /** For MLC: absolute URL of the compiled model library. */
  readonly libraryUrl?: string;
  /** Of the library, lower-case hex, where its publisher states it; otherwise what comes first is held to. */
  readonly librarySha256?: string;
  /** Of the download, approximately: the manifest tells exactly. */
  readonly bytes: number;
  /** Weights, KV cache at 4096 tokens and the engine's buffers. */
  readonly memoryBytes: number;
  /** Whether the GPU must have `shader-f16`. */
  readonly needsF16: boolean;
  /** For MLC: bytes of the largest single tensor, which a GPU has to take in one piece. */
  readonly largestTensorBytes?: number;
  /** For MLC: what one token of context costs in the KV cache, in bytes. */
  readonly kvBytesPerToken?: number;
  /** Of each figure that there is. */
  readonly sources: Readonly<Partial<Record<CatalogueFigure, FigureSource>>>;
}

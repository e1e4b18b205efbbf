/**
 * The shape of the catalog of models that can be downloaded. The data are JSON in `src/models/catalog/`; `catalog-data.ts`
 * there makes of them what the rest of the app takes.
 */
import type { Words } from './languages';
import type { Senses } from './senses';
import type { WeightsFormat } from '../protocol/weights';

export type ModelTask =
  | 'chat'
  | 'code'
  | 'math'
  | 'reasoning'
  | 'translation'
  /** It takes pictures. */
  | 'vision'
  /** It writes down what is said. */
  | 'speech'
  /** It makes vectors of texts, for search. */
  | 'embedding';

/** `switchable`: a person can turn it on and off. */
export type ThinkingMode = 'none' | 'always' | 'switchable';

/** The name of a text in `notes.json`, which several models, builds or makers share. */
export type NoteName = string;

/** What holds for all sizes of one family. */
interface FamilyFacts {
  readonly id: string;
  readonly name: string;
  /** The year of its newest models. */
  readonly released: number;
  /** The year of its oldest ones, where that is another. */
  readonly firstReleased?: number;
}

/** A maker and their families, as they are written down. */
export interface CatalogMaker {
  readonly id: string;
  /** Who they are, and where. */
  readonly origin: Words;
  /** Where the alignment of their models differs from others', in neutral words: what they decline, which view they take on what. */
  readonly alignment: Words | NoteName;
  readonly families: readonly (FamilyFacts & {
    /** Id of the family that it was trained further from. */
    readonly basedOn?: string;
  })[];
}

/** A family with all that holds for its maker. */
export interface CatalogFamily extends FamilyFacts {
  /** Id of its `CatalogMaker`. */
  readonly maker: string;
  readonly origin: Words;
  readonly alignment: Words;
  /** Name of the family that it was trained further from. */
  readonly basedOn?: string;
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

/** A number that somebody might rely on is never written without where it is from. */
export interface SourcedFigure {
  readonly value: number;
  readonly source: FigureSource;
}

/** What is the same for every build of a model, figures and notes apart. */
interface ModelFacts {
  /** Id of its `CatalogFamily`. */
  readonly family: string;
  /** The model, without its quantization: "Qwen3 0.6B". */
  readonly title: string;
  readonly goodFor: Words;
  readonly tasks: readonly ModelTask[];
  readonly thinking: ThinkingMode;
  /** SPDX identifier, or the license's own name. */
  readonly license: string;
}

/** What each build has of its own, figures apart. */
interface BuildFacts {
  /** Stored models go by it: it never changes. */
  readonly id: string;
  /** "Q4_K_M", "q4f16_1"… */
  readonly quantization: string;
  /** "owner/name" on the Hugging Face hub. */
  readonly repository: string;
  readonly revision: string;
}

interface WrittenBuild extends BuildFacts {
  /** Said after what the model is good for. */
  readonly notes?: readonly NoteName[];
  /** Of the download, approximately: the manifest tells exactly. */
  readonly bytes: SourcedFigure;
  /** Weights, KV cache at 4096 tokens and the engine's buffers. */
  readonly memoryBytes: SourcedFigure;
}

interface GgufBuild extends WrittenBuild {
  readonly format: 'gguf';
  /** The file, or the first part of a split one. */
  readonly file: string;
  /** As its header names it, where that is known before the download. */
  readonly architecture?: string;
  /** The file in the same repository that lets the model see or hear; not counted in the figures of the build. */
  readonly projector?: Senses & {
    readonly file: string;
    readonly bytes: SourcedFigure;
    /** The model is of use without it: it comes only where a person wants it. */
    readonly optional?: true;
  };
}

/** The file that lets a model of the catalog see or hear. */
export interface CatalogProjector extends Senses {
  readonly file: string;
  readonly bytes: number;
}

interface MlcBuild extends WrittenBuild {
  readonly format: 'mlc';
  /** Absolute URL of the compiled model library. */
  readonly libraryUrl: string;
  /** Of the library, lower-case hex, where its publisher states it; otherwise what comes first is held to. */
  readonly librarySha256?: string;
  /** Whether the GPU must have `shader-f16`. */
  readonly needsF16: boolean;
  /** Of the largest single tensor, which a GPU has to take in one piece. */
  readonly largestTensorBytes: SourcedFigure;
  /** What one token of context costs in the KV cache, in bytes. */
  readonly kvBytesPerToken: SourcedFigure;
}

/** One set of weights, as it is written down: a quantization of its model for one engine. */
export type CatalogBuild = GgufBuild | MlcBuild;

/** A model, as it is written down: what its builds share is said once. */
export interface CatalogModel extends ModelFacts {
  readonly id: string;
  /** Said after what it is good for. */
  readonly notes?: readonly NoteName[];
  readonly parameters: SourcedFigure;
  /** The window the model was trained for, in tokens. */
  readonly contextTokens: SourcedFigure;
  /** In the order in which they are shown. */
  readonly builds: readonly [CatalogBuild, ...CatalogBuild[]];
}

type FigureName = 'parameters' | 'contextTokens' | 'bytes' | 'memoryBytes' | 'largestTensorBytes' | 'kvBytesPerToken';

/** One build with all that holds for its model: what is offered, fetched and compared. Derived, never written down. */
export interface CatalogEntry extends ModelFacts, BuildFacts {
  /** Id of its `CatalogModel`. */
  readonly model: string;
  /** Id of its `CatalogMaker`. */
  readonly maker: string;
  readonly format: WeightsFormat;
  readonly parameters: number;
  readonly contextTokens: number;
  /** For GGUF. */
  readonly file?: string;
  /** For GGUF. */
  readonly architecture?: string;
  /** Comes with it, and is counted in its figures. */
  readonly projector?: CatalogProjector;
  /** As `FitNeed` has it. */
  readonly projectorBytes?: number;
  /** Could come with it: `withProjector` makes the entry of it that has it. */
  readonly optionalProjector?: CatalogProjector;
  /** For MLC. */
  readonly libraryUrl?: string;
  /** For MLC. */
  readonly librarySha256?: string;
  readonly bytes: number;
  readonly memoryBytes: number;
  readonly needsF16: boolean;
  /** For MLC. */
  readonly largestTensorBytes?: number;
  /** For MLC. */
  readonly kvBytesPerToken?: number;
  /** Of each figure that there is. */
  readonly sources: Readonly<Partial<Record<FigureName, FigureSource>>>;
}

/** A model with its builds as entries. */
export interface ModelBuilds {
  /** Of its `CatalogModel`. */
  readonly id: string;
  readonly title: string;
  /** In the order of the catalog. */
  readonly builds: readonly [CatalogEntry, ...CatalogEntry[]];
}

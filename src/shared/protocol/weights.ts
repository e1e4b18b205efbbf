/**
 * What page and weights worker say to each other. Types only.
 *
 * Calls go through comlink. What changes is told to every tab on the `BroadcastChannel` `weightsChannelName`, so that all
 * tabs show the same download, whichever of them fetches it.
 */
import type { Failure, Result } from './failure';
import type { GgufFacts } from '../domain/gguf';
import type { MlcFacts, MlcLibrary } from '../domain/mlc';
import type { Senses } from '../domain/senses';

/** Decides the engine: llama.cpp reads GGUF, WebLLM reads MLC folders. */
export type WeightsFormat = 'gguf' | 'mlc';

export interface BuiltInWeights {
  /** Absolute URL on the app's own origin. */
  readonly url: string;
  readonly bytes: number;
  /** Lower-case hex of the whole file. */
  readonly sha256: string;
}

export interface WeightsFile {
  /** Path inside the repository or folder, with "/"; unique within a manifest. */
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hex of the content. */
  readonly sha256?: string;
  /** Git's blob id (SHA-1 of `blob <size>\0` and the content), for the small files of a repository that have no SHA-256. */
  readonly gitSha1?: string;
  /** Strong entity tag of a host that tells no hash. */
  readonly etag?: string;
  /** Only for a file from elsewhere, such as an MLC model library; otherwise the address follows from the source and the path. */
  readonly url?: string;
}

export type WeightsSource =
  /** A repository of a model host, pinned to one commit where it has commits. The host is a setting: others have the same files. */
  | { readonly kind: 'hub'; readonly repository: string; readonly commit: string }
  /** Any other host: the absolute URL of the folder, with a "/" at its end. */
  | { readonly kind: 'web'; readonly folder: string }
  /** Copied from files of this device; there is no address to fetch them from. */
  | { readonly kind: 'files' };

/** All there is to know of a model's weights without having them. Stored: no name of a field can change. */
export interface WeightsManifest {
  readonly modelId: string;
  readonly name: string;
  readonly format: WeightsFormat;
  readonly source: WeightsSource;
  readonly files: readonly WeightsFile[];
  readonly licence?: string;
  /** For GGUF models whose header has been read. */
  readonly gguf?: GgufFacts;
  /** For GGUF models that see or hear: which of the files is their projector (`mmproj`), and what it takes. */
  readonly projector?: Senses & { readonly path: string };
  /** For MLC models whose config and table of tensors have been read. */
  readonly mlc?: MlcFacts;
  /** For MLC models: which of the files is the compiled library. Without one, the model cannot run. */
  readonly library?: MlcLibrary;
}

export type StoredModelState =
  /** Wanted: some tab fetches it, or will as soon as it can. */
  | 'downloading'
  | 'paused'
  /** Stopped by a failure that trying again does not mend. */
  | 'failed'
  /** Its files are being copied from this device. Without progress events, the copying tab is gone: the files must be opened again. */
  | 'copying'
  /** Every file is whole and verified. */
  | 'ready';

export interface StoredModel {
  readonly manifest: WeightsManifest;
  readonly state: StoredModelState;
  /** Bytes of all files. */
  readonly bytes: number;
  /** Of these, the bytes that are on the device. */
  readonly storedBytes: number;
  /** Why the state is `failed`. */
  readonly failure?: Failure;
  /** What the whole files were checked against: false when a file had no hash to compare with, so that only its size was. */
  readonly hashesCompared: boolean;
  /** Milliseconds since 1970. */
  readonly addedAt: number;
  readonly lastUsedAt?: number;
}

export interface TransferProgress {
  readonly modelId: string;
  readonly phase:
    /** Another tab or another download goes first. */
    | 'queued'
    | 'downloading'
    /** Something passing went wrong; the next try is at `retryAt`. */
    | 'waiting'
    | 'copying'
    /** Everything is here; the last hashes are being compared. */
    | 'verifying';
  /** Bytes on the device or in hand. */
  readonly receivedBytes: number;
  readonly totalBytes: number;
  /** Over the last seconds; null until there is something to tell. */
  readonly bytesPerSecond: number | null;
  readonly secondsLeft: number | null;
  /** Milliseconds since 1970. */
  readonly retryAt?: number;
  /** What the `waiting` is for. */
  readonly obstacle?: Failure;
}

export type WeightsEvent =
  /** The list of models or the state of one has changed: read it again. */
  { readonly type: 'models-changed' } | { readonly type: 'progress'; readonly progress: TransferProgress };

export const weightsChannelName = 'sotto-weights';
export const weightsDatabaseName = 'sotto-weights';

/** Where to look for a model. */
export interface WeightsRequest {
  /**
   * A GGUF file, a hub repository or a folder of MLC weights, as a person copies it from the address bar.
   * Addresses of huggingface.co go to the hub that is set.
   */
  readonly url: string;
  /** The compiled model library (`.wasm`) of an MLC model. */
  readonly libraryUrl?: string;
  /** Lower-case hex of its content, where the catalog knows it. */
  readonly librarySha256?: string;
  /**
   * For GGUF: the projector that goes with the model, where the catalog knows it, and null for none. The best of those beside the
   * model when absent.
   */
  readonly projector?: WeightsManifest['projector'] | null;
  /** Id, name and license for a model of the catalog; derived from the address when absent. */
  readonly known?: { readonly modelId: string; readonly name: string; readonly license: string };
}

/** What lies at an address. */
export type Inspection =
  | {
      readonly kind: 'model';
      readonly manifest: WeightsManifest;
      /** A projector lies beside the model, but cannot be read: the model comes without it. */
      readonly withoutProjector?: {
        readonly path: string;
        /** Absent where the host sends whole files only, so that nobody knows before the download what it is. */
        readonly failure?: Failure;
      };
    }
  /** A repository with several GGUF models, each with an address to ask for. Parts of a split one count as one. */
  | {
      readonly kind: 'choice';
      readonly choices: readonly WeightsChoice[];
      /** The address was that of this projector, which is no model: these are the models beside it. */
      readonly projector?: string;
    };

/** What a person looks for on the model host. */
export interface HubQuery {
  readonly text: string;
  readonly format: WeightsFormat;
}

/** A repository that a search of the model host has found. */
export interface HubModel {
  /** "owner/name" */
  readonly repository: string;
  readonly format: WeightsFormat;
  /** Of the last month, as the host counts. */
  readonly downloads: number;
  /** Its host wants a login, or terms to be accepted. */
  readonly gated: boolean;
  readonly license?: string;
  readonly parameters?: number;
  /** Of its smallest and its largest model; absent where the host did not list its files. */
  readonly bytes?: { readonly least: number; readonly most: number };
}

export interface WeightsChoice {
  readonly path: string;
  /** Of the model, and of the projector that comes with it. */
  readonly bytes: number;
  /** Whether one does. */
  readonly hasProjector: boolean;
  readonly url: string;
}

/** One file of a stored model. The Blob is put together from its chunks without copying. */
export interface StoredFile {
  readonly path: string;
  readonly blob: Blob;
}

/** A file of this device, with its path inside the folder that was chosen. */
export interface LocalFile {
  readonly path: string;
  readonly file: File;
}

export interface WeightsSettings {
  /** As it is kept: "https://huggingface.co", a mirror that keeps its paths, or a template of paths; empty for the official one. */
  readonly hubUrl: string;
}

/** What a model host was asked, as models are going to ask it. Null where it answered as it should. */
export interface HubCheck {
  /** It can be read from this page, and tells what lies in a repository. */
  readonly listing: Failure | null;
  /** It sends parts of files: a download that was cut off can go on. `ignored`: whole files only. */
  readonly ranges: Failure | 'ignored' | null;
  /** It has the compiled library of the MLC model that was asked for, too. */
  readonly library: Failure | null;
  /** The repository that was asked for. */
  readonly repository: string;
}

export interface WeightsSpace {
  /** Bytes of this origin that are in use, by the browser's estimate; null where it does not tell. */
  readonly usedBytes: number | null;
  readonly quotaBytes: number | null;
  /** Bytes of all stored weights, by our own count. */
  readonly weightsBytes: number;
}

/** The calls the weights worker answers. Every failure is data. */
export interface WeightsApi {
  /** Fetches weights that ship with the app and verifies them: `part-unreachable` or `download-wrong` otherwise. */
  openBuiltIn(weights: BuiltInWeights): Promise<Result<Blob>>;
  /** Called first, and again when a setting changes. The first call goes on with the downloads that were cut off. */
  configure(settings: WeightsSettings): Promise<Result<null>>;
  list(): Promise<Result<readonly StoredModel[]>>;
  space(): Promise<Result<WeightsSpace>>;
  /**
   * Looks at an address: resolves the commit, lists the files, reads the GGUF header. Stores nothing. Several may be looked at
   * at once: a host that is slow to answer keeps nobody from asking another.
   * @param inquiryId chosen by the page, to cancel it by; without one it cannot be cancelled
   */
  inspect(request: WeightsRequest, inquiryId?: string): Promise<Result<Inspection>>;
  /**
   * Asks a host for what models need of it; stores nothing, and goes on with the host that is set.
   * @param sample a repository of MLC weights as the hub names it, and where their library was published
   * @param inquiryId as for `inspect`
   */
  checkHub(
    hubUrl: string,
    sample: { readonly repository: string; readonly libraryUrl: string },
    inquiryId?: string,
  ): Promise<Result<HubCheck>>;
  /**
   * Looks for models on the host that is set, the most downloaded first. Only when a person asks: the words go to the host.
   * `search-unavailable` where it has no search that Sotto knows.
   * @param inquiryId as for `inspect`
   */
  searchHub(query: HubQuery, inquiryId?: string): Promise<Result<readonly HubModel[]>>;
  /** Ends one look or check, which then fails with `cancelled`; unknown ids are ignored. */
  cancelInspection(inquiryId: string): Promise<void>;
  /**
   * Notes the model as wanted and starts to fetch it; resolves when it is noted. `weights-storage-full` when the space does
   * not suffice by the browser's estimate, unless `despiteSpace`: an estimate may be wrong.
   */
  download(manifest: WeightsManifest, options?: { readonly despiteSpace?: boolean }): Promise<Result<null>>;
  /** Keeps every byte that has arrived. */
  pause(modelId: string): Promise<Result<null>>;
  /** Goes on after a pause or a failure. */
  resume(modelId: string): Promise<Result<null>>;
  /** Reads all files again and fetches anew what is damaged. */
  verify(modelId: string): Promise<Result<null>>;
  /**
   * Fetches another compiled library for an MLC model, verifies that it is one, and only then puts it in the place of the old
   * one: at every moment the model has a library. Resolves when that is done.
   * @param libraryUrl absolute
   */
  updateLibrary(modelId: string, libraryUrl: string): Promise<Result<null>>;
  /**
   * Fetches a library that a newer version of the app will need, and keeps it beside the one in use. Called before the newer
   * version is offered, so that nobody is left offline with weights that nothing can run.
   * @param libraryUrl absolute; its version of WebLLM is in it ("…/v0_2_86/…")
   */
  prepareLibrary(modelId: string, libraryUrl: string): Promise<Result<null>>;
  /**
   * Takes a library although it is another than the one first used from its address (`library-changed`): what comes next is
   * taken for the first. A download that failed because of it goes on.
   * @param libraryUrl absolute; the one that the model came with when absent
   */
  trustLibrary(modelId: string, libraryUrl?: string): Promise<Result<null>>;
  /** Puts in place what was prepared for this version of WebLLM. Called when a version of the app starts. */
  adoptLibraries(webLlmVersion: string): Promise<Result<null>>;
  /** Takes the model off the list; its bytes are freed after `undoMilliseconds`, until then `restore` brings it back. */
  remove(modelId: string): Promise<Result<null>>;
  restore(modelId: string): Promise<Result<null>>;
  /**
   * Copies a GGUF or all parts of a split one, with its projector, or a folder of MLC weights into the store; resolves with the
   * model's id when it is verified.
   */
  copyFiles(files: readonly LocalFile[]): Promise<Result<string>>;
  /** What files of this device make up, as `copyFiles` would store it: without copying them. */
  lookAtFiles(files: readonly LocalFile[]): Promise<Result<WeightsManifest>>;
  /** The files of a model that is `ready`. */
  open(modelId: string): Promise<Result<readonly StoredFile[]>>;
  /** Notes that the model was used now. */
  touch(modelId: string): Promise<Result<null>>;
}

/** How long a removed model can be brought back, in ms. */
export const undoMilliseconds = 10_000;

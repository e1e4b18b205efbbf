import type { StoredWeights } from '../../shared/protocol/engine';
import { failed, failureFrom, type Failure, type Result } from '../../shared/protocol/failure';
import type { ModelDescriptor } from '../../shared/domain/model';
import type {
  HubModel,
  HubQuery,
  Inspection,
  LocalFile,
  StoredFile,
  StoredModel,
  TransferProgress,
  WeightsManifest,
  WeightsRequest,
  WeightsSpace,
} from '../../shared/protocol/weights';
import { loadPart } from '../../ui/load-part';
import { guide } from './guide';
import { LoadSettingsBook } from '../load/load-settings';
import type { CurrentTransfer } from './stored-models';
import type { VisitFiles } from './visit-files';
import type { WeightsClient } from './weights-client';

const isOnItsWay = ({ state }: StoredModel): boolean => state === 'downloading' || state === 'copying';

/** The models on this device, and what happens to them: the Guide, the weights store as all tabs see it, files opened for a visit. */
export class ModelShelf {
  #stored = $state.raw<readonly StoredModel[]>([]);
  #space = $state.raw<WeightsSpace | null>(null);
  #failure = $state.raw<Failure | null>(null);
  #read = $state(false);
  #progress = $state.raw<ReadonlyMap<string, TransferProgress>>(new Map());
  #visit: VisitFiles | null = null;
  /** Null while the store has none. */
  #storedModels = $state.raw<typeof import('./stored-models') | null>(null);
  /** Of servers that a person has added, which tell it here. */
  served = $state.raw<readonly ModelDescriptor[]>([]);
  readonly loadSettings = new LoadSettingsBook();
  #opened = $state.raw<readonly ModelDescriptor[]>([]);
  #guideBlob: Promise<Result<readonly Blob[]>> | null = null;
  /** Reads of the list, one after the other: an older answer must not replace a newer one. */
  #reading: Promise<void> = Promise.resolve();
  #readWanted = false;
  #ended = $state.raw<ReadonlySet<string>>(new Set());
  /** Called when a download or a copy that ran on this visit is whole, or was stopped by a failure. */
  onEnded: (model: StoredModel) => void = () => {};

  constructor(private readonly weights: WeightsClient) {}

  /** Everything that can be chosen for a chat now. */
  get models(): readonly ModelDescriptor[] {
    const stored = this.#storedModels?.chatModels(this.#stored, this.loadSettings) ?? [];
    return [this.guide, ...stored, ...this.#opened, ...this.served];
  }

  /** With the engine that a person wants for it. */
  get guide(): ModelDescriptor {
    const { backend, cpuEngine } = this.loadSettings.of(guide.id);
    if (backend === undefined && cpuEngine === undefined) return guide;
    return { ...guide, ...(backend === 'cpu' && { backend }), ...(cpuEngine && { cpuEngine }) };
  }

  /** All models of the store, in whatever state; newest first. */
  get stored(): readonly StoredModel[] {
    return this.#stored;
  }

  /** Of these, what is made to be talked to. */
  get storedForChats(): readonly StoredModel[] {
    return this.#storedModels?.forChats(this.#stored) ?? [];
  }

  /** Whether the store has been read once: until then an empty list means nothing. */
  get isRead(): boolean {
    return this.#read;
  }

  get space(): WeightsSpace | null {
    return this.#space;
  }

  /** Why the store could not be read, if it could not. */
  get failure(): Failure | null {
    return this.#failure;
  }

  /** The transfer of a model, in whichever tab it runs. */
  progressOf(modelId: string): TransferProgress | undefined {
    return this.#progress.get(modelId);
  }

  /** The download to tell of wherever a person is; null when there is none. */
  get currentTransfer(): CurrentTransfer | null {
    return this.#storedModels?.currentTransfer(this, this.#ended) ?? null;
  }

  /** A person has seen that it is done or has failed. */
  noteSeen(modelId: string): void {
    if (this.#ended.has(modelId)) this.#ended = new Set([...this.#ended].filter((id) => id !== modelId));
  }

  /** How many models are being fetched or copied now, in any tab. */
  get transfers(): number {
    const phases = ['downloading', 'copying', 'verifying'];
    return [...this.#progress.values()].filter(({ phase }) => phases.includes(phase)).length;
  }

  /** Reads the store and hears of changes from now on; libraries that were fetched for this version of the app come into use. */
  async start(): Promise<void> {
    this.weights.listen((event) => {
      if (event.type === 'progress') this.#noteProgress(event.progress);
      else if (event.type === 'models-changed') void this.refresh();
    });
    await this.refresh();
    if (await this.#storedModels?.adoptLibraries(this.#stored, this.weights)) await this.refresh();
  }

  /** Reads the list again. Calls while one waits share it. */
  refresh(): Promise<void> {
    if (this.#readWanted) return this.#reading;
    this.#readWanted = true;
    this.#reading = this.#reading.then(async () => {
      this.#readWanted = false;
      const models = await this.#list();
      this.#failure = models.ok ? null : models.failure;
      if (!models.ok) return;
      const before = this.#stored;
      this.#stored = models.value;
      this.#noteEnds(before);
      this.#read = true;
      const onTheirWay = new Set(models.value.filter(isOnItsWay).map(({ manifest }) => manifest.modelId));
      this.#progress = new Map([...this.#progress].filter(([id]) => onTheirWay.has(id)));
      const space = await this.weights.call((api) => api.space());
      if (space.ok) this.#space = space.value;
    });
    return this.#reading;
  }

  async #list(): Promise<Result<readonly StoredModel[]>> {
    const models = await this.weights.call((api) => api.list());
    if (!models.ok || models.value.length === 0) return models;
    try {
      this.#storedModels ??= await loadPart(() => import('./stored-models'));
      return models;
    } catch (error) {
      return { ok: false, failure: failureFrom(error) };
    }
  }

  #noteProgress(progress: TransferProgress): void {
    this.#progress = new Map([...this.#progress, [progress.modelId, progress]]);
  }

  /** Where a model was on its way, and is so no longer. */
  #noteEnds(before: readonly StoredModel[]): void {
    for (const model of this.#stored) {
      const { modelId } = model.manifest;
      if (!isOnItsWay(before.find(({ manifest }) => manifest.modelId === modelId) ?? model)) continue;
      if (model.state === 'ready' || model.state === 'failed') {
        this.#ended = new Set([...this.#ended, modelId]);
        this.onEnded(model);
      } else this.noteSeen(modelId);
    }
  }

  /** Looks at an address without storing anything. */
  inspect(request: WeightsRequest, inquiryId: string): Promise<Result<Inspection>> {
    return this.weights.call((api) => api.inspect(request, inquiryId));
  }

  /** Looks for models on the host that is set. */
  searchHub(query: HubQuery, inquiryId: string): Promise<Result<readonly HubModel[]>> {
    return this.weights.call((api) => api.searchHub(query, inquiryId));
  }

  cancelInspection(inquiryId: string): void {
    void this.weights.call(async (api) => {
      await api.cancelInspection(inquiryId);
      return { ok: true, value: null };
    });
  }

  /** Starts a download; resolves when it is noted. @param despiteSpace although the browser's estimate says that it will not fit */
  download(manifest: WeightsManifest, despiteSpace = false): Promise<Result<null>> {
    this.#askToPersist();
    return this.weights.call((api) => api.download(manifest, { despiteSpace }));
  }

  pause = (modelId: string): Promise<Result<null>> => this.weights.call((api) => api.pause(modelId));
  resume = (modelId: string): Promise<Result<null>> => this.weights.call((api) => api.resume(modelId));
  /** Reads all files again and fetches anew what is damaged. */
  verify = (modelId: string): Promise<Result<null>> => this.weights.call((api) => api.verify(modelId));
  /** Takes the model off the list; for some seconds `restore` brings it back. */
  remove = (modelId: string): Promise<Result<null>> => this.weights.call((api) => api.remove(modelId));
  restore = (modelId: string): Promise<Result<null>> => this.weights.call((api) => api.restore(modelId));
  /** Fetches another compiled library for an MLC model; the old one stays until the new one is whole. */
  updateLibrary = (modelId: string, libraryUrl: string): Promise<Result<null>> =>
    this.weights.call((api) => api.updateLibrary(modelId, libraryUrl));
  /** Agrees to a library that is not the one first used from its address. */
  trustLibrary = (modelId: string, libraryUrl?: string): Promise<Result<null>> =>
    this.weights.call((api) => api.trustLibrary(modelId, libraryUrl));
  prepareLibrary = (modelId: string, libraryUrl: string): Promise<Result<null>> =>
    this.weights.call((api) => api.prepareLibrary(modelId, libraryUrl));
  touch = (modelId: string): Promise<Result<null>> => this.weights.call((api) => api.touch(modelId));
  /** The files of a model that is ready, for saving them elsewhere. */
  open = (modelId: string): Promise<Result<readonly StoredFile[]>> => this.weights.call((api) => api.open(modelId));

  /** Copies files of this device into the store; resolves with the model's id when they are verified. */
  copyFiles(files: readonly LocalFile[]): Promise<Result<string>> {
    this.#askToPersist();
    return this.weights.call((api) => api.copyFiles(files));
  }

  /** For want of space: takes a GGUF file, or all parts of one, without copying, until the page is closed. */
  async openForVisit(files: readonly File[]): Promise<Result<ModelDescriptor>> {
    try {
      this.#visit ??= new (await loadPart(() => import('./visit-files'))).VisitFiles();
    } catch (error) {
      return { ok: false, failure: failureFrom(error) };
    }
    const opened = await this.#visit.open(files);
    if (opened.ok) this.#opened = this.#visit.models;
    return opened;
  }

  /** Forgets a file that was opened for this visit; the file itself is not touched. */
  closeVisit(id: string): void {
    this.#visit?.close(id);
    this.#opened = this.#visit?.models ?? [];
  }

  /** Where the engine finds the weights of a model. */
  async weightsOf({ id, source, bytes }: ModelDescriptor): Promise<Result<readonly Blob[] | StoredWeights>> {
    if (source.kind === 'stored') {
      void this.touch(id);
      this.noteSeen(id);
      return { ok: true, value: { storedModelId: id } };
    }
    if (source.kind === 'server') return { ok: true, value: [] };
    if (source.kind === 'file') {
      const files = this.#visit?.filesOf(id);
      return files ? { ok: true, value: files } : failed('file-missing', id);
    }
    this.#guideBlob ??= this.weights
      .openBuiltIn({ url: new URL(source.path, document.baseURI).href, bytes, sha256: source.sha256 })
      .then((result) => (result.ok ? { ok: true, value: [result.value] } : result));
    const result = await this.#guideBlob;
    // Not kept: the network may be back at the next try.
    if (!result.ok) this.#guideBlob = null;
    return result;
  }

  /**
   * Without this promise of the browser, gigabytes may be cleared when space runs short. Not awaited: Firefox asks the person, and
   * says nothing until they answer, so a download would wait for as long.
   */
  #askToPersist(): void {
    void navigator.storage?.persist?.().catch(() => false);
  }
}

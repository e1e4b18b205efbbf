/** Answers the page: what is stored, what lies at an address, and what is to be fetched, copied or removed. */
import { failed, failureFrom, FailureError, type Result } from '../../src/shared/protocol/failure';
import { type ModelHub, parseHub } from '../../src/shared/domain/model-hub';
import type {
  BuiltInWeights,
  HubCheck,
  HubModel,
  HubQuery,
  Inspection,
  LocalFile,
  StoredFile,
  StoredModel,
  WeightsApi,
  WeightsManifest,
  WeightsRequest,
  WeightsSettings,
  WeightsSpace,
} from '../../src/shared/protocol/weights';
import { openBuiltInWeights } from './built-in';
import { planCopy } from './copy-plan';
import { type DownloadTuning, usualTuning } from './download/model-download';
import { checkHub } from './inspect/check-hub';
import { inspect } from './inspect/inspect';
import type { Look } from './inspect/look';
import { searchHub } from './inspect/search-hub';
import { withFreshTags } from './inspect/entity-tags';
import { adoptLibraries, prepareLibrary, updateLibrary } from './library-update';
import { libraryAddressOf } from './library-trust';
import { alone } from './model-locks';
import { storedHub } from '../../src/shared/platform/weight-hosts';
import { isWanted } from './postponed';
import { fileUrl } from './source-address';
import { manifestBytes } from './store/file-key';
import { asBlob } from '../file-content';
import { withStoredFiles } from './store/open-model';
import { checkSpace, spaceOf } from './store/space';
import { storeFailure } from './store/store-failure';
import type { FileRecord, ModelRecord } from './store/weights-database';
import { namedBy, WeightsStore } from './store/weights-store';
import { Transfers } from './transfers';
import { WorkerChannel } from './worker-channel';

function knownHub(address: string): ModelHub {
  const hub = parseHub(address);
  if (hub) return hub;
  throw new FailureError({ kind: 'address-not-understood', technical: address, subject: address });
}

export class WeightsHost implements WeightsApi {
  readonly #store = new WeightsStore();
  readonly #channel = new WorkerChannel();
  readonly #transfers: Transfers;
  readonly #inspections = new Map<string, AbortController>();

  /** @param tuning for tests, which cannot wait for the usual times */
  constructor(private readonly tuning: DownloadTuning = usualTuning) {
    this.#transfers = new Transfers(this.#store, this.#channel, tuning);
  }

  openBuiltIn(weights: BuiltInWeights): Promise<Result<Blob>> {
    return openBuiltInWeights(weights);
  }

  configure({ hubUrl }: WeightsSettings): Promise<Result<null>> {
    return this.#answer(async () => {
      await this.#transfers.useHub(storedHub(hubUrl));
      await this.#transfers.takeUpAll();
      return null;
    });
  }

  list(): Promise<Result<readonly StoredModel[]>> {
    return this.#answer(async () => {
      const records = (await this.#store.models()).filter(({ removedAt }) => removedAt === undefined);
      records.sort((a, b) => b.addedAt - a.addedAt);
      return Promise.all(records.map((record) => this.#describe(record)));
    });
  }

  space(): Promise<Result<WeightsSpace>> {
    return this.#answer(() => spaceOf(this.#store));
  }

  inspect(request: WeightsRequest, inquiryId?: string): Promise<Result<Inspection>> {
    return this.#inquire(inquiryId, (signal) => inspect(request, this.#transfers.hub, this.#look(signal)));
  }

  checkHub(
    hubUrl: string,
    sample: Parameters<WeightsApi['checkHub']>[1],
    inquiryId?: string,
  ): Promise<Result<HubCheck>> {
    return this.#inquire(inquiryId, (signal) => checkHub(knownHub(hubUrl), sample, this.#look(signal)));
  }

  searchHub(query: HubQuery, inquiryId?: string): Promise<Result<readonly HubModel[]>> {
    return this.#inquire(inquiryId, (signal) => searchHub(query, this.#transfers.hub, this.#look(signal)));
  }

  /** Asks a host for something, until `cancelInspection` is called with this id. */
  async #inquire<T>(inquiryId: string | undefined, ask: (signal: AbortSignal) => Promise<T>): Promise<Result<T>> {
    const abort = new AbortController();
    if (inquiryId !== undefined) this.#inspections.set(inquiryId, abort);
    const result = await this.#answer(() => ask(abort.signal));
    if (inquiryId !== undefined) this.#inspections.delete(inquiryId);
    return abort.signal.aborted ? failed('cancelled', 'the inspection was cancelled') : result;
  }

  cancelInspection(inquiryId: string): Promise<void> {
    this.#inspections.get(inquiryId)?.abort();
    return Promise.resolve();
  }

  download(manifest: WeightsManifest, { despiteSpace = false } = {}): Promise<Result<null>> {
    return this.#answer(async () => {
      if (!despiteSpace) await checkSpace(this.#store, manifest);
      const { hub } = this.#transfers;
      await this.#admit(manifest, 'downloading', (file) => fileUrl(manifest, file, hub) ?? file.path);
      this.#wanted(manifest.modelId);
      return null;
    });
  }

  pause(modelId: string): Promise<Result<null>> {
    return this.#answer(async () => {
      await this.#store.changeModel(modelId, (record) =>
        record.state === 'downloading' ? { ...record, state: 'paused' } : undefined,
      );
      this.#tell('stop', modelId);
      return null;
    });
  }

  resume(modelId: string): Promise<Result<null>> {
    return this.#answer(async () => {
      const before = await this.#store.model(modelId);
      const kind = before?.failure?.kind;
      if (before && (kind === 'download-changed' || kind === 'library-changed')) await this.#lookAgain(before);
      await this.#store.changeModel(modelId, ({ failure: _, postponed: __, ...record }) =>
        ['paused', 'failed', 'downloading'].includes(record.state) ? { ...record, state: 'downloading' } : undefined,
      );
      this.#wanted(modelId);
      return null;
    });
  }

  verify(modelId: string): Promise<Result<null>> {
    return this.#answer(async () => {
      await alone(modelId, async () => {
        const record = await this.#store.model(modelId);
        for (const key of record?.fileKeys ?? []) await this.#store.doubtFile(key);
        await this.#store.changeModel(modelId, ({ failure: _, ...current }) => ({ ...current, state: 'downloading' }));
      });
      this.#wanted(modelId);
      return null;
    });
  }

  updateLibrary(modelId: string, libraryUrl: string): Promise<Result<null>> {
    return this.#answer(async () => {
      await updateLibrary(modelId, libraryUrl, this.#libraryTools);
      this.#channel.tellPages({ type: 'models-changed' });
      return null;
    });
  }

  prepareLibrary(modelId: string, libraryUrl: string): Promise<Result<null>> {
    return this.#answer(async () => {
      await prepareLibrary(modelId, libraryUrl, this.#libraryTools);
      return null;
    });
  }

  trustLibrary(modelId: string, libraryUrl?: string): Promise<Result<null>> {
    return this.#answer(async () => {
      const record = await this.#store.model(modelId);
      const address = libraryUrl ?? (record && libraryAddressOf(record.manifest));
      if (address !== undefined) await this.#store.forgetLibrary(address);
      const goesOn = await this.#store.changeModel(modelId, ({ failure, ...current }) =>
        current.state === 'failed' && failure?.kind === 'library-changed'
          ? { ...current, state: 'downloading' }
          : undefined,
      );
      if (goesOn) this.#wanted(modelId);
      return null;
    });
  }

  adoptLibraries(webLlmVersion: string): Promise<Result<null>> {
    return this.#answer(async () => {
      if (await adoptLibraries(webLlmVersion, this.#store)) this.#channel.tellPages({ type: 'models-changed' });
      return null;
    });
  }

  remove(modelId: string): Promise<Result<null>> {
    return this.#answer(async () => {
      await this.#store.changeModel(modelId, (record) => ({ ...record, removedAt: Date.now() }));
      this.#tell('stop', modelId);
      this.#transfers.freeLater(modelId);
      return null;
    });
  }

  restore(modelId: string): Promise<Result<null>> {
    return this.#answer(async () => {
      const restored = await this.#store.changeModel(modelId, ({ removedAt: _, ...record }) => record);
      if (!restored) throw new FailureError({ kind: 'weights-incomplete', technical: `${modelId} is gone` });
      if (isWanted(restored)) this.#wanted(modelId);
      else this.#channel.tellPages({ type: 'models-changed' });
      return null;
    });
  }

  copyFiles(files: readonly LocalFile[]): Promise<Result<string>> {
    return this.#answer(async () => {
      const { manifest, files: byPath } = await planCopy(files);
      const { modelId } = manifest;
      const before = await this.#store.model(modelId);
      if (before?.state === 'ready' && before.removedAt === undefined) return modelId;
      await checkSpace(this.#store, manifest);
      const addressOf = (path: string): string => `file:${path} ${byPath.get(path)?.lastModified ?? 0}`;
      await this.#admit(manifest, 'copying', ({ path }) => addressOf(path));
      this.#channel.tellPages({ type: 'models-changed' });
      await this.#transfers.copy(modelId, byPath);
      return modelId;
    });
  }

  lookAtFiles(files: readonly LocalFile[]): Promise<Result<WeightsManifest>> {
    return this.#answer(async () => (await planCopy(files)).manifest);
  }

  open(modelId: string): Promise<Result<readonly StoredFile[]>> {
    return this.#answer(() =>
      withStoredFiles(this.#store, modelId, async (files) => {
        const opened: StoredFile[] = [];
        for (const { path, content } of files) opened.push({ path, blob: await asBlob(content) });
        return opened;
      }),
    );
  }

  touch(modelId: string): Promise<Result<null>> {
    return this.#answer(async () => {
      await this.#store.changeModel(modelId, (record) => ({ ...record, lastUsedAt: Date.now() }));
      return null;
    });
  }

  #look(signal: AbortSignal): Look {
    return { signal, silenceMs: this.tuning.stallMs };
  }

  get #libraryTools(): Parameters<typeof updateLibrary>[2] {
    return { store: this.#store, thread: this.#transfers.thread, tuning: this.tuning, hub: this.#transfers.hub };
  }

  /** The files at their addresses have changed: from now on the new ones are meant. */
  async #lookAgain(record: ModelRecord): Promise<void> {
    const { hub } = this.#transfers;
    const manifest = await withFreshTags(record.manifest, hub, this.#look(new AbortController().signal));
    await this.#admit(manifest, record.state, (file) => fileUrl(manifest, file, hub) ?? file.path);
  }

  /** Admits a model; what an earlier version of it was made of, and nobody needs any more, is freed. */
  async #admit(...[manifest, state, urlOf]: Parameters<WeightsStore['admit']>): Promise<void> {
    const { modelId } = manifest;
    const before = await this.#store.model(modelId);
    const { fileKeys } = await this.#store.admit(manifest, state, urlOf);
    const replaced = before ? namedBy(before).filter((key) => !fileKeys.includes(key)) : [];
    if (replaced.length === 0) return;
    this.#tell('stop', modelId);
    await alone(modelId, () => this.#store.deleteOrphans(replaced));
  }

  async #describe(record: ModelRecord): Promise<StoredModel> {
    const { manifest, addedAt, lastUsedAt, fileKeys } = record;
    const unnoted = isWanted(record) ? this.#transfers.unnotedFailure(record.modelId) : undefined;
    const failure = unnoted ?? record.failure;
    const files: (FileRecord | undefined)[] = await Promise.all(fileKeys.map((key) => this.#store.file(key)));
    return {
      manifest,
      state: unnoted ? 'failed' : record.state,
      bytes: manifestBytes(manifest),
      storedBytes: await this.#store.modelBytes(record),
      hashesCompared: files.every((file) => file?.verified === 'sha256' || file?.verified === 'git-sha1'),
      addedAt,
      ...(failure && { failure }),
      ...(lastUsedAt !== undefined && { lastUsedAt }),
    };
  }

  /** All tabs queue for it, this one first. */
  #wanted(modelId: string): void {
    this.#transfers.takeUp(modelId);
    this.#tell('wanted', modelId);
  }

  #tell(type: 'wanted' | 'stop', modelId: string): void {
    if (type === 'stop') this.#transfers.stop(modelId);
    this.#channel.tellWorkers({ type, modelId });
    this.#channel.tellPages({ type: 'models-changed' });
  }

  /** Failures are data, whatever the database or the network threw. */
  async #answer<T>(work: () => Promise<T>): Promise<Result<T>> {
    try {
      return { ok: true, value: await work() };
    } catch (error) {
      const failure = error instanceof DOMException ? await storeFailure(error) : failureFrom(error);
      return { ok: false, failure };
    }
  }
}

/** Which models are being fetched or removed: wanted ones are taken up, by one tab at a time, until they are ready, paused or failed. */
import { type Failure, FailureError } from '../../src/shared/protocol/failure';
import { type ModelHub, officialHub } from '../../src/shared/domain/model-hub';
import {
  undoMilliseconds,
  type TransferProgress,
  type WeightsFile,
  type WeightsManifest,
} from '../../src/shared/protocol/weights';
import { FileTransfer, type FileOrigin } from './download/file-transfer';
import { ModelDownload, type DownloadTuning } from './download/model-download';
import { LongTrouble } from './download/passing-trouble';
import { ProgressReport } from './download/progress-report';
import { Wakeup } from './download/wakeup';
import { checkLibrary } from './library-trust';
import { alone, anotherTransferRuns, inTransfer } from './model-locks';
import { delayOf, isWanted, untilDue, withoutDelay } from './postponed';
import { fileUrl } from './source-address';
import { manifestBytes } from './store/file-key';
import { storeFailure } from './store/store-failure';
import type { ModelRecord } from './store/weights-database';
import type { WeightsStore } from './store/weights-store';
import { HashThread } from './verify/hash-thread';
import type { WorkerChannel } from './worker-channel';

/** The reason of an abort that is no failure. */
const stopped = new DOMException('the transfer was stopped', 'AbortError');

export class Transfers {
  readonly thread = new HashThread();
  readonly #running = new Map<string, AbortController>();
  /** Files of this device that are being copied, by model and path. */
  readonly #local = new Map<string, ReadonlyMap<string, File>>();
  readonly #unnoted = new Map<string, Failure>();
  /** Wakes downloads that have been put off: a person, or a new host, may have changed that. */
  readonly #changed = new Wakeup();
  /** How often somebody has wanted another host, or another try. */
  #wishes = 0;
  /** The one that bytes come for. */
  #download: { readonly modelId: string; readonly work: ModelDownload } | null = null;
  #hub: ModelHub | null = null;

  constructor(
    private readonly store: WeightsStore,
    private readonly channel: WorkerChannel,
    private readonly tuning: DownloadTuning,
  ) {
    channel.listen((message) => {
      if (message.type === 'stop') this.stop(message.modelId);
      else this.takeUp(message.modelId);
    });
  }

  /** Why a model failed, where the database could not take that in. */
  unnotedFailure(modelId: string): Failure | undefined {
    return this.#unnoted.get(modelId);
  }

  get hub(): ModelHub {
    return this.#hub ?? officialHub;
  }

  /** Another hub than before is asked at once: what the old one has put off, or does not answer, is no matter any more. */
  async useHub(hub: ModelHub): Promise<void> {
    const before = this.#hub;
    this.#hub = hub;
    this.#wishes += 1;
    if (before === null || before.address === hub.address) return;
    for (const { modelId } of await this.store.models())
      await this.store.changeModel(modelId, (record) => (record.postponed ? withoutDelay(record) : undefined));
    // They go on with the new address.
    for (const [modelId, abort] of this.#running) if (!this.#local.has(modelId)) abort.abort(stopped);
  }

  /** Goes on with what was cut off: downloads that are wanted, and removals whose time is over. */
  async takeUpAll(): Promise<void> {
    for (const { modelId, state, removedAt } of await this.store.models()) {
      if (removedAt !== undefined) this.freeLater(modelId);
      else if (state === 'downloading') this.takeUp(modelId);
    }
  }

  /** Queues for a wanted model. Whichever tab is first fetches it; the others find it done, or go on when that tab dies. */
  takeUp(modelId: string): void {
    if (this.#running.has(modelId)) {
      this.#wishes += 1;
      this.#changed.all();
      if (this.#download?.modelId === modelId) this.#download.work.tryNow();
      return;
    }
    this.#unnoted.delete(modelId);
    const abort = new AbortController();
    this.#running.set(modelId, abort);
    // For the screen only: without it, the model waits all the same.
    void this.#tellQueue(modelId).catch(() => {});
    void this.#persist(modelId, abort.signal)
      .catch(async (error: unknown) => {
        if (abort.signal.aborted) return;
        await this.#fail(modelId, error);
      })
      .finally(async () => {
        this.#running.delete(modelId);
        // Stopped and wanted again before the stop was through.
        const record = await this.store.model(modelId).catch(() => undefined);
        if (abort.signal.aborted && record && isWanted(record)) this.takeUp(modelId);
        this.channel.tellPages({ type: 'models-changed' });
      });
  }

  /**
   * Copies files of this device for a model that is noted as `copying`. A model that cannot be copied wholly is let go again:
   * the files are still where they were.
   * @throws FailureError; `cancelled` when it was stopped
   */
  async copy(modelId: string, files: ReadonlyMap<string, File>): Promise<void> {
    const abort = new AbortController();
    this.#running.set(modelId, abort);
    this.#local.set(modelId, files);
    try {
      await inTransfer(modelId, abort.signal, () => this.#bring(modelId, 'copying', abort.signal));
    } catch (error) {
      // A person who stops it may undo that.
      if (abort.signal.aborted) throw new FailureError({ kind: 'cancelled', technical: 'the copy was stopped' });
      const failure = await storeFailure(error, await this.#missingBytes(modelId).catch(() => undefined));
      await this.store.deleteModel(modelId, ({ state }) => state !== 'copying').catch(() => false);
      throw new FailureError(failure);
    } finally {
      this.#running.delete(modelId);
      this.#local.delete(modelId);
      this.channel.tellPages({ type: 'models-changed' });
    }
  }

  stop(modelId: string): void {
    this.#running.get(modelId)?.abort(stopped);
  }

  /** Frees the bytes of a removed model when the time for undo is over, unless it was brought back. */
  freeLater(modelId: string): void {
    void (async (): Promise<void> => {
      const record = await this.store.model(modelId);
      if (record?.removedAt === undefined) return;
      const ms = Math.max(0, record.removedAt + undoMilliseconds - Date.now());
      await new Promise((resolve) => setTimeout(resolve, ms));
      await alone(modelId, () => this.store.deleteModel(modelId, ({ removedAt }) => removedAt !== record.removedAt));
      this.channel.tellPages({ type: 'models-changed' });
      // What fails here is tried again at the next start: the record says that the model is to go.
    })().catch(() => {});
  }

  /** Fetches a model however long it takes. Before a long wait, others go first. */
  async #persist(modelId: string, signal: AbortSignal): Promise<void> {
    for (let tries = 0; ;) {
      await untilDue(modelId, {
        store: this.store,
        changed: this.#changed,
        signal,
        tell: (record, { until, failure }) =>
          this.#tellStanding(record, { phase: 'waiting', retryAt: until, obstacle: failure }),
      });
      const wishes = this.#wishes;
      try {
        await inTransfer(modelId, signal, () =>
          this.#bring(modelId, 'downloading', signal, tries).catch(async (error: unknown) => {
            // Noted while no other tab may begin: it would ask the host again at once.
            if (error instanceof LongTrouble) await this.#postpone(modelId, error, wishes);
            throw error;
          }),
        );
        return;
      } catch (error) {
        if (!(error instanceof LongTrouble)) throw error;
        ({ tries } = error);
      }
    }
  }

  /** @param wishes as many as there were before the try: what somebody has wanted since is not put off */
  async #postpone(modelId: string, { retryAt: until, failure }: LongTrouble, wishes: number): Promise<void> {
    await this.store.changeModel(modelId, (record) =>
      isWanted(record) && wishes === this.#wishes ? { ...record, postponed: { until, failure } } : undefined,
    );
  }

  async #bring(modelId: string, state: 'downloading' | 'copying', signal: AbortSignal, tries = 0): Promise<void> {
    const record = await this.store.model(modelId);
    // Another tab may have done it, or a person decided otherwise, while this one was queueing.
    if (record?.state !== state || record.removedAt !== undefined) return;
    // Or another tab has just been told to wait.
    if (record.postponed && delayOf(record) > 0)
      throw new LongTrouble(record.postponed.failure, record.postponed.until, tries);
    const { manifest } = record;
    const transfers: FileTransfer[] = [];
    let wholeBytes = 0;
    for (const [index, file] of manifest.files.entries()) {
      const key = record.fileKeys[index] ?? '';
      const stored = await this.store.file(key);
      if (!stored) throw new FailureError({ kind: 'weights-unavailable', technical: `no record of ${key}` });
      if (stored.state === 'whole' && !stored.doubted) wholeBytes += file.bytes;
      else transfers.push(await FileTransfer.open(this.store, file, stored, this.#origin(manifest, file)));
    }
    const received = (): number => transfers.reduce((sum, { receivedBytes }) => sum + receivedBytes, wholeBytes);
    const report = new ProgressReport(modelId, manifestBytes(manifest), received, (progress) =>
      this.channel.tellPages({ type: 'progress', progress }),
    );
    // Other files may be meant by now: the repository has changed, and a person has added the model again.
    const goesFor = (current: ModelRecord): boolean =>
      current.state === state && current.fileKeys.join() === record.fileKeys.join();
    const work = new ModelDownload(transfers, this.store, this.thread, report, this.tuning, state);
    this.#download = { modelId, work };
    await work.run(signal, tries);
    await checkLibrary(this.store, manifest, record.fileKeys);
    await this.store.changeModel(modelId, (current) => (goesFor(current) ? ready(current) : undefined));
  }

  /** Tells that another model goes first, if one does. */
  async #tellQueue(modelId: string): Promise<void> {
    if (!(await anotherTransferRuns(modelId))) return;
    const record = await this.store.model(modelId);
    if (record) await this.#tellStanding(record, { phase: 'queued' });
  }

  /** Tells how far a model is while nothing moves. */
  async #tellStanding(
    record: ModelRecord,
    state: Pick<TransferProgress, 'phase' | 'retryAt' | 'obstacle'>,
  ): Promise<void> {
    const { modelId, manifest } = record;
    const totalBytes = manifestBytes(manifest);
    const receivedBytes = await this.store.modelBytes(record);
    const rest = { bytesPerSecond: null, secondsLeft: null };
    this.channel.tellPages({ type: 'progress', progress: { modelId, receivedBytes, totalBytes, ...rest, ...state } });
  }

  #origin(manifest: WeightsManifest, file: WeightsFile): FileOrigin {
    return this.#local.get(manifest.modelId)?.get(file.path) ?? fileUrl(manifest, file, this.hub);
  }

  async #fail(modelId: string, error: unknown): Promise<void> {
    const failure = await storeFailure(error, await this.#missingBytes(modelId).catch(() => undefined));
    await this.store
      .changeModel(modelId, (current) => (isWanted(current) ? { ...current, state: 'failed', failure } : undefined))
      // On a disk that is full to the last byte, not even that can be written. Unsaid, the download would seem to go on.
      .catch(() => this.#unnoted.set(modelId, failure));
  }

  async #missingBytes(modelId: string): Promise<number> {
    const record = await this.store.model(modelId);
    return record ? manifestBytes(record.manifest) - (await this.store.modelBytes(record)) : 0;
  }
}

const ready = ({ failure: _, postponed: __, ...record }: ModelRecord): ModelRecord => ({ ...record, state: 'ready' });

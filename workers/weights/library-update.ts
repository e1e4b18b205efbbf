/**
 * Another compiled library for a model that is whole: fetched beside the old one, verified, and only then put in its place. One
 * for a newer version of the app waits there until that version is in use: the version in use needs the old one.
 */
import { failureFrom, FailureError } from '../../src/shared/protocol/failure';
import type { ModelHub } from '../../src/shared/domain/model-hub';
import type { WeightsManifest } from '../../src/shared/protocol/weights';
import { mlcLibrary } from '../mlc/mlc-library';
import { FileTransfer } from './download/file-transfer';
import { type DownloadTuning, ModelDownload } from './download/model-download';
import { ProgressReport } from './download/progress-report';
import { LongTrouble } from './download/passing-trouble';
import { findLibrary, libraryAddress, type LibraryPlace } from './inspect/library-place';
import { checkLibrary, libraryAddressOf } from './library-trust';
import { inTransfer } from './model-locks';
import type { FileContent } from '../file-content';
import type { FileKey, ModelRecord } from './store/weights-database';
import type { WeightsStore } from './store/weights-store';
import type { HashThread } from './verify/hash-thread';

/** A library has a few megabytes: who waits for it waits for the update of the app. In ms. */
const patience = 180_000;

interface Tools {
  readonly store: WeightsStore;
  readonly thread: HashThread;
  readonly tuning: DownloadTuning;
  readonly hub: ModelHub;
}

/** Fetches a library and puts it in the place of the old one. @throws FailureError; the old library is then still in its place */
export function updateLibrary(modelId: string, libraryUrl: string, tools: Tools): Promise<void> {
  return bring(modelId, libraryUrl, tools, () => adopt(modelId, tools.store));
}

/** Fetches a library that waits beside the old one, for `adoptLibraries`. @throws FailureError `library-changed` among others */
export async function prepareLibrary(modelId: string, libraryUrl: string, tools: Tools): Promise<void> {
  const next = (await tools.store.model(modelId))?.next;
  // Asked again at every start until the newer version is taken, perhaps without a network.
  if (next && libraryAddressOf(next.manifest) === libraryUrl && (await waits(modelId, next, tools.store))) return;
  await bring(modelId, libraryUrl, tools, () => Promise.resolve());
}

/** Puts in place what was prepared for this version of WebLLM. @returns whether there was anything */
export async function adoptLibraries(webLlmVersion: string, store: WeightsStore): Promise<boolean> {
  const waiting = (await store.models()).filter(
    ({ next, state }) => state === 'ready' && next?.manifest.library?.webLlmVersion === webLlmVersion,
  );
  for (const { modelId, next } of waiting) {
    // One that is not to be trusted is gone; whoever asks for it again is told why.
    const isHere = next ? await waits(modelId, next, store).catch(unlessChanged) : false;
    if (isHere) await adopt(modelId, store);
  }
  return waiting.length > 0;
}

function unlessChanged(error: unknown): false {
  if (error instanceof FailureError && error.failure.kind === 'library-changed') return false;
  throw error;
}

/**
 * Whether the library is here: it may have been cut off on its way, or before it was looked at.
 * @throws FailureError `library-changed`; what was prepared is then gone
 */
async function waits(
  modelId: string,
  { manifest, fileKeys }: NonNullable<ModelRecord['next']>,
  store: WeightsStore,
): Promise<boolean> {
  const key = fileKeys.at(-1) ?? '';
  if ((await store.file(key))?.state !== 'whole' || !(await isLibrary(await store.content(key)))) return false;
  // A tab may have ended between the last byte and the check.
  try {
    await checkLibrary(store, manifest, fileKeys);
  } catch (error) {
    await dropNext(modelId, key, store);
    throw error;
  }
  return true;
}

async function dropNext(modelId: string, key: FileKey, store: WeightsStore): Promise<void> {
  await store.changeModel(modelId, ({ next: _, ...current }) => current);
  await store.deleteOrphans([key]);
}

async function adopt(modelId: string, store: WeightsStore): Promise<void> {
  const before = await store.model(modelId);
  await store.changeModel(modelId, (record) => (record.next ? switched(record, record.next) : undefined));
  await store.deleteOrphans(before?.fileKeys ?? []);
}

async function bring(modelId: string, libraryUrl: string, tools: Tools, whenWhole: () => Promise<void>): Promise<void> {
  const signal = AbortSignal.timeout(patience);
  try {
    const look = { signal, silenceMs: tools.tuning.stallMs };
    const place = await findLibrary(libraryAddress(libraryUrl), [], tools.hub, look);
    await inTransfer(modelId, signal, async () => {
      await fetchBeside(modelId, place, tools, signal);
      await whenWhole();
    });
  } catch (error) {
    if (error instanceof LongTrouble) throw new FailureError(error.failure);
    if (!signal.aborted) throw error;
    const technical = `the library did not arrive in time: ${failureFrom(error).technical}`;
    throw new FailureError({ kind: 'host-unreachable', technical, subject: new URL(libraryUrl).host });
  }
}

async function fetchBeside(
  modelId: string,
  { file, address }: LibraryPlace,
  tools: Tools,
  signal: AbortSignal,
): Promise<void> {
  const { store, thread, tuning } = tools;
  const url = file.url ?? address;
  const key = await store.admitFile(file, url);
  const earlier = (await store.model(modelId))?.next?.fileKeys ?? [];
  const noted = await store.changeModel(modelId, (record) =>
    isWhole(record) ? withNext(record, { file, address }, key) : undefined,
  );
  if (!noted) throw new FailureError({ kind: 'weights-incomplete', technical: `${modelId} is not a whole MLC model` });
  await store.deleteOrphans(earlier);
  const record = await store.file(key);
  if (record && record.state !== 'whole') {
    const transfer = await FileTransfer.open(store, file, record, url);
    const report = new ProgressReport(
      modelId,
      file.bytes,
      () => transfer.receivedBytes,
      () => undefined,
    );
    await new ModelDownload([transfer], store, thread, report, tuning).run(signal);
  }
  try {
    if (!(await isLibrary(await store.content(key))))
      throw new FailureError({
        kind: 'download-not-weights',
        technical: `${url} is no WebAssembly`,
        subject: file.path,
      });
    const next = noted.next ?? noted;
    await checkLibrary(store, next.manifest, next.fileKeys);
  } catch (error) {
    await dropNext(modelId, key, store);
    throw error;
  }
}

const isWhole = ({ state, manifest, removedAt }: ModelRecord): boolean =>
  state === 'ready' && manifest.format === 'mlc' && removedAt === undefined;

/** The model as it is going to be, noted so that nobody takes the new file for an orphan. */
function withNext(record: ModelRecord, { file, address }: LibraryPlace, key: string): ModelRecord {
  const { manifest, fileKeys } = record;
  const old = manifest.files.findIndex(
    ({ path }) => path === (manifest.library?.path ?? mlcLibrary(manifest.files)?.path),
  );
  const kept = manifest.files
    .map((entry, index) => ({ entry, key: fileKeys[index] ?? '' }))
    .filter((_, index) => index !== old);
  const files = [...kept.map(({ entry }) => entry), file];
  const library = mlcLibrary([file], address);
  const next: WeightsManifest = { ...manifest, files, ...(library && { library }) };
  return { ...record, next: { manifest: next, fileKeys: [...kept.map((entry) => entry.key), key] } };
}

const switched = ({ next: _, ...record }: ModelRecord, next: NonNullable<ModelRecord['next']>): ModelRecord => ({
  ...record,
  ...next,
});

/** The magic number and version 1: no host's error page begins so. */
const wasmHead = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

async function isLibrary(content: FileContent | undefined): Promise<boolean> {
  if (!content) return false;
  const bytes = new Uint8Array(await content.arrayBuffer());
  return wasmHead.every((byte, index) => bytes[index] === byte) && WebAssembly.validate(bytes);
}

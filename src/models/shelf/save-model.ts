/** Carries a stored model out of the browser, as the files that it came as. */
import { failureFrom, type Failure } from '../../shared/protocol/failure';
import type { StoredFile, WeightsManifest } from '../../shared/protocol/weights';
import { saveFile } from '../../ui/save-file';

const manifestName = 'sotto-manifest.json';

/** Where there is the File System Access API. */
type PickFolder = (options: { mode: 'readwrite' }) => Promise<FileSystemDirectoryHandle>;

export interface SavePlace {
  save(files: readonly StoredFile[], manifest: WeightsManifest): Promise<Failure | null>;
}

/**
 * Asks where several files are to go, at once: the browser allows the question only right after a click, and reading the
 * store may take longer than that. Null when the person changed their mind.
 */
export async function chooseSavePlace(fileCount: number): Promise<SavePlace | null> {
  const pick = Reflect.get(globalThis, 'showDirectoryPicker') as PickFolder | undefined;
  if (fileCount < 2 || !pick) return { save: saveAsDownloads };
  try {
    const folder = await pick.call(globalThis, { mode: 'readwrite' });
    return { save: (files, manifest) => saveInto(folder, files, manifest) };
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    return { save: saveAsDownloads };
  }
}

/** What lies beside several files, so that they can be checked when they are opened again. */
export function savedManifest({ name, format, licence, files, projector }: WeightsManifest): object {
  return {
    version: 1,
    name,
    format,
    ...(licence !== undefined && { licence }),
    files: files.map(({ path, bytes, sha256 }) => ({ path, bytes, ...(sha256 !== undefined && { sha256 }) })),
    ...(projector && { projector }),
  };
}

const manifestBlob = (manifest: WeightsManifest): Blob =>
  new Blob([JSON.stringify(savedManifest(manifest), null, 2)], { type: 'application/json' });

const lastName = (path: string): string => path.split('/').at(-1) ?? path;

async function saveAsDownloads(files: readonly StoredFile[], manifest: WeightsManifest): Promise<null> {
  for (const { path, blob } of files) {
    saveFile(blob, lastName(path));
    // Browsers drop downloads that begin in the same moment.
    if (files.length > 1) await new Promise((resolve) => setTimeout(resolve, 400));
  }
  if (files.length > 1) saveFile(manifestBlob(manifest), manifestName);
  return null;
}

async function saveInto(
  folder: FileSystemDirectoryHandle,
  files: readonly StoredFile[],
  manifest: WeightsManifest,
): Promise<Failure | null> {
  try {
    for (const { path, blob } of files) await write(folder, path, blob);
    await write(folder, manifestName, manifestBlob(manifest));
    return null;
  } catch (error) {
    const full = error instanceof DOMException && error.name === 'QuotaExceededError';
    return failureFrom(error, full ? 'weights-storage-full' : 'unexpected');
  }
}

async function write(root: FileSystemDirectoryHandle, path: string, content: Blob): Promise<void> {
  let folder = root;
  for (const name of path.split('/').slice(0, -1)) folder = await folder.getDirectoryHandle(name, { create: true });
  const file = await folder.getFileHandle(lastName(path), { create: true });
  await content.stream().pipeTo(await file.createWritable());
}

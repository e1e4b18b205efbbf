/** A collection as one ZIP: its files as they are, and a list of them, so that another device makes the same collection of it. */
import { Zip, ZipPassThrough } from 'fflate';
import type { ArchivedCollection, ArchivedFile } from '../../src/shared/protocol/documents';
import { FailureError } from '../../src/shared/protocol/failure';
import { pieceStream } from '../file-content';
import { GatheredBlob } from './gathered-blob';
import { PackedFile } from './unpack';

/** Archives of more have another form, which fewer programs read. */
const mostBytes = 4_000_000_000;
/** How much more than the archive its files may be: ours are stored as they are, and texts in those of others are packed. */
const mostUnpacked = 20;
const mostListBytes = 20_000_000;

const listName = 'sotto-collection.json';
const format = 'sotto-collection';
const version = 1;

interface ListedFile extends Omit<ArchivedFile, 'file'> {
  readonly path: string;
}

/** Without signs that nobody sees, of which some turn around what follows. */
const visible = (name: string): string =>
  // eslint-disable-next-line no-control-regex
  name.replace(/[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '').trim();

/** A name for a file of ours, whatever an archive or another system calls it: no folders. */
function safeName(name: string): string {
  const clean = visible(name.split(/[/\\]/).at(-1) ?? '');
  return /^\.*$/.test(clean) ? 'document' : clean.slice(-200);
}

/** Two files of one name would be one file where the archive is unpacked; so would two that differ in capitals. */
function pathOf(name: string, taken: Set<string>): string {
  const clean = safeName(name).replace(/[:*?"<>|]/g, '_');
  const dot = clean.lastIndexOf('.');
  const [stem, ending] = dot > 0 ? [clean.slice(0, dot), clean.slice(dot)] : [clean, ''];
  let path = `files/${clean}`;
  for (let count = 2; taken.has(path.toLowerCase()); count += 1) path = `files/${stem} (${count})${ending}`;
  taken.add(path.toLowerCase());
  return path;
}

/** @throws FailureError `document-too-large` */
export async function packCollection({ name, files }: ArchivedCollection): Promise<Blob> {
  const total = files.reduce((sum, { file }) => sum + file.size, 0);
  if (total > mostBytes)
    throw new FailureError({ kind: 'document-too-large', technical: `${total} bytes`, subject: name });
  const taken = new Set<string>();
  const listed = files.map((file): ListedFile & { readonly file: Blob } => ({
    ...file,
    path: pathOf(file.name, taken),
  }));
  const list = listed.map(({ file: _file, ...rest }) => rest);
  const archive = new GatheredBlob();
  const zip = new Zip((error, piece) => {
    if (error) throw error;
    archive.push(piece as Uint8Array<ArrayBuffer>);
  });
  const add = async (path: string, content: Blob, at: number): Promise<void> => {
    const entry = new ZipPassThrough(path);
    // ZIP knows the years from 1980 to 2099.
    entry.mtime = Math.min(Math.max(at, Date.UTC(1980, 0, 2)), Date.UTC(2099, 0, 1));
    zip.add(entry);
    const reader = pieceStream(content).getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) entry.push(piece.value);
    entry.push(new Uint8Array(0), true);
  };
  await add(listName, new Blob([JSON.stringify({ format, version, name, documents: list }, null, 2)]), Date.now());
  for (const { path, file, addedAt } of listed) await add(path, file, addedAt);
  zip.end();
  return archive.blob('application/zip');
}

function listIn(text: string): { readonly name: string; readonly documents: readonly Partial<ListedFile>[] } {
  const value: unknown = JSON.parse(text);
  const { format: found, version: of, name, documents } = (value ?? {}) as Record<string, unknown>;
  if (found !== format || of !== version || typeof name !== 'string' || !Array.isArray(documents))
    throw new FailureError({ kind: 'document-unreadable', technical: `the list is ${String(found)} ${String(of)}` });
  return { name, documents: documents.filter((entry) => typeof entry === 'object' && entry !== null) };
}

/** @throws FailureError `document-unreadable`, `document-too-large` */
export async function unpackCollection(file: Blob): Promise<ArchivedCollection> {
  const packed = await PackedFile.open(file, Math.min(mostBytes, mostListBytes + file.size * mostUnpacked));
  if (!packed.has(listName))
    throw new FailureError({ kind: 'document-unreadable', technical: 'an archive without a list of documents' });
  const { name, documents } = listIn(await packed.text(listName, mostListBytes));
  const files: ArchivedFile[] = [];
  for (const { path, name: given, mediaType, addedAt } of documents) {
    // Only what lies in the archive, under that very name: no path of it leads anywhere else.
    if (typeof path !== 'string' || !packed.has(path)) continue;
    const type = typeof mediaType === 'string' ? mediaType : '';
    files.push({
      name: safeName(typeof given === 'string' ? given : path),
      mediaType: type,
      addedAt: typeof addedAt === 'number' && Number.isFinite(addedAt) ? addedAt : Date.now(),
      file: await packed.blob(path, type),
    });
  }
  return { name: visible(name).slice(0, 200) || 'collection', files };
}

/** The files in a ZIP archive, as far as exports of chats need it: stored or deflated, not encrypted, under 4 GB. */
import { pieceStream } from './file-content';

export interface ZipEntry {
  readonly name: string;
  stream(): ReadableStream<Uint8Array<ArrayBuffer>>;
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const endLength = 22;
/** The archive may end with a comment of this length. */
const longestComment = 0xffff;
const mostEntries = 100_000;

export const isZip = (head: Uint8Array): boolean =>
  head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4;

const viewOf = async (blob: Blob): Promise<DataView> => new DataView(await blob.arrayBuffer());

/** Where the list of entries stands; null where there is no end of an archive. */
async function findDirectory(file: Blob): Promise<{ readonly count: number; readonly bytes: Blob } | null> {
  const tail = await viewOf(file.slice(Math.max(0, file.size - endLength - longestComment)));
  for (let at = tail.byteLength - endLength; at >= 0; at -= 1) {
    if (tail.getUint32(at, true) !== endSignature) continue;
    const start = tail.getUint32(at + 16, true);
    return { count: tail.getUint16(at + 10, true), bytes: file.slice(start, start + tail.getUint32(at + 12, true)) };
  }
  return null;
}

async function contentOf(file: Blob, start: number, length: number): Promise<Blob> {
  // Its own header may be longer than what the list says.
  const header = await viewOf(file.slice(start, start + 30));
  const dataStart = start + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  return file.slice(dataStart, dataStart + length);
}

/** The entries, in the order of the list. Ends early where the archive is damaged. */
export async function* zipEntries(file: Blob): AsyncGenerator<ZipEntry> {
  const directory = await findDirectory(file);
  if (!directory) return;
  const view = await viewOf(directory.bytes);
  let at = 0;
  for (let index = 0; index < Math.min(directory.count, mostEntries) && at + 46 <= view.byteLength; index += 1) {
    if (view.getUint32(at, true) !== entrySignature) return;
    const method = view.getUint16(at + 10, true);
    const length = view.getUint32(at + 20, true);
    const nameLength = view.getUint16(at + 28, true);
    const start = view.getUint32(at + 42, true);
    const name = new TextDecoder().decode(new Uint8Array(view.buffer, at + 46, nameLength));
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (method !== 0 && method !== 8) continue;
    const content = await contentOf(file, start, length);
    yield {
      name,
      stream: () =>
        method === 0 ? pieceStream(content) : pieceStream(content).pipeThrough(new DecompressionStream('deflate-raw')),
    };
  }
}

/** Load progress: wllama tells none, but it reads the files it was given piece by piece, in this thread. */
import { type FileContent, pieceStream } from '../../file-content';
import type { ReportLoad } from '../engine';

/** @returns what wllama uses of Blobs; as they come from here, they need not be Blobs */
export function watchFiles(files: readonly FileContent[], progress: ReportLoad): Blob[] {
  const totalBytes = files.reduce((sum, file) => sum + file.size, 0);
  let readBytes = 0;
  const tell = (loadedBytes: number): void =>
    progress({ phase: 'reading', loadedBytes, totalBytes, fraction: totalBytes > 0 ? loadedBytes / totalBytes : 0 });
  tell(0);
  const read = (file: FileContent, start: number, end: number): FileContent => {
    // Counted by amount, because llama.cpp reads in an order of its own, and a little of the header more than once.
    readBytes = Math.min(totalBytes, readBytes + Math.min(end, file.size) - start);
    tell(readBytes);
    return file.slice(start, end);
  };
  return files.map((file) => {
    const watched = {
      size: file.size,
      slice: (start = 0, end = file.size) => read(file, start, end),
      arrayBuffer: () => file.arrayBuffer(),
      // Without JSPI llama.cpp cannot wait for a file, and gets all of it before it starts.
      stream: () => pieceStream(watched),
    };
    return watched as unknown as Blob;
  });
}

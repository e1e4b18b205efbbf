/** Load progress: wllama tells none, but it reads the Blobs it was given slice by slice, in this thread. */
import type { ReportLoad } from '../engine';

export function watchFiles(files: readonly Blob[], progress: ReportLoad): Blob[] {
  const totalBytes = files.reduce((sum, file) => sum + file.size, 0);
  let readBytes = 0;
  const tell = (loadedBytes: number): void =>
    progress({ phase: 'reading', loadedBytes, totalBytes, fraction: totalBytes > 0 ? loadedBytes / totalBytes : 0 });
  tell(0);
  return files.map((file) => {
    // A view of the same bytes, since the Blob of the caller is not ours to change.
    const watched = file.slice();
    watched.slice = (start = 0, end = file.size, type) => {
      // Counted by amount, because llama.cpp reads in an order of its own, and a little of the header more than once.
      readBytes = Math.min(totalBytes, readBytes + Math.min(end, file.size) - start);
      tell(readBytes);
      return file.slice(start, end, type);
    };
    return watched;
  });
}

/** Load progress: wllama tells none, but it reads the Blobs it was given slice by slice, in this thread. */
import type { LoadProgress } from '../engine';

export function watchFiles(files: readonly Blob[], progress: LoadProgress): Blob[] {
  const totalBytes = files.reduce((sum, file) => sum + file.size, 0);
  const reached = files.map(() => 0);
  progress(0, totalBytes);
  return files.map((file, index) => {
    // A view of the same bytes, since the Blob of the caller is not ours to change.
    const watched = file.slice();
    watched.slice = (start = 0, end = file.size, type) => {
      // What is asked for now comes after what has been read.
      if (start > (reached[index] ?? 0)) {
        reached[index] = start;
        progress(
          reached.reduce((sum, bytes) => sum + bytes, 0),
          totalBytes,
        );
      }
      return file.slice(start, end, type);
    };
    return watched;
  });
}

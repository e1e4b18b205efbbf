import type { FileRecord } from './weights-database';

/**
 * 8 MiB: a crash costs at most the chunk in hand and the one being written on each connection, so less than with larger
 * ones; smaller ones are slower to read and write. (Measured against 16 MiB: as fast to download and to read, and after a
 * kill 13 MB instead of 19 MB came again on average, 25 MB instead of 46 MB at worst.)
 */
export const chunkBytes = 8 * 1024 ** 2;

type Layout = Pick<FileRecord, 'bytes' | 'chunkBytes'>;

/** An empty file has one empty chunk, so that "all chunks are there" means the same for it. */
export const chunkCount = ({ bytes, chunkBytes: size }: Layout): number => Math.max(1, Math.ceil(bytes / size));

/** The length of one chunk, in bytes. */
export const chunkLength = ({ bytes, chunkBytes: size }: Layout, index: number): number =>
  Math.min(size, bytes - index * size);

/** Bytes of a file that are on the device. @param stored indices of the chunks there are */
export const storedBytes = (file: FileRecord, stored: Iterable<number>): number => {
  let bytes = 0;
  for (const index of stored) bytes += file.unfinished[index] ?? chunkLength(file, index);
  return bytes;
};

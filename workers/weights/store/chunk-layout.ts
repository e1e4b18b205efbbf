import type { FileRecord } from './weights-database';

/**
 * 16 MiB: below, reading and writing Blobs slows down; above, memory and what a crash costs grow, and speed hardly does
 * (measured, see `weights-store.md` of the design).
 */
export const chunkBytes = 16 * 1024 ** 2;

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

/** The bytes of a stored file, wherever they lie. */

/** What a reader of a file needs of it: a Blob has it, and so have chunks that the browser does not keep as Blobs. */
export interface FileContent {
  readonly size: number;
  /** The bytes from `start` up to, not including, `end`. Nothing is read yet. */
  slice(start?: number, end?: number): FileContent;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** One file of a model, for an engine in the same thread. */
export interface ReadableFile {
  readonly path: string;
  readonly content: FileContent;
  /** Lower-case hex of the content, where it is known. */
  readonly sha256?: string;
}

/** Bytes at a time, where a file is read from its beginning to its end. Smaller pieces are slower in every browser. */
const pieceBytes = 2 * 1024 ** 2;

/** The content from its beginning to its end. Not Blob's own `stream`, which not every browser has in workers. */
export const pieceStream = (content: FileContent): ReadableStream<Uint8Array<ArrayBuffer>> => {
  let start = 0;
  return new ReadableStream({
    pull: async (controller) => {
      const piece = new Uint8Array(
        await content.slice(start, Math.min(start + pieceBytes, content.size)).arrayBuffer(),
      );
      start += piece.length;
      if (piece.length > 0) controller.enqueue(piece);
      if (start >= content.size) controller.close();
    },
  });
};

/** As other threads can take it: what is no Blob is copied into one, piece by piece. */
export async function asBlob(content: FileContent): Promise<Blob> {
  if (content instanceof Blob) return content;
  const pieces: Blob[] = [];
  for (let start = 0; start < content.size; start += pieceBytes) {
    const end = Math.min(content.size, start + pieceBytes);
    pieces.push(new Blob([await content.slice(start, end).arrayBuffer()]));
  }
  return new Blob(pieces);
}

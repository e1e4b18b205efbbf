/** Whether pages of a file without text can become pictures. */
import type { PendingFile } from './pending-file.svelte';
import { mostFiles, type PendingFiles } from './pending-files.svelte';

/** Each costs a model some hundred tokens at least. */
const mostPages = 10;

const canDraw = (): boolean => 'OffscreenCanvas' in globalThis && new OffscreenCanvas(1, 1).getContext('2d') !== null;

export interface DrawablePages {
  /** In the whole file. */
  readonly pages: number;
  /** Those that would become pictures, from the first on. */
  readonly most: number;
}

/** Null where the file is no scan, this browser cannot draw its pages, or the question has all the files it may have. */
export function drawablePages(files: PendingFiles, { failure }: PendingFile): DrawablePages | null {
  const pages = failure?.kind === 'attachment-no-text' ? (failure.numbers?.pages ?? 0) : 0;
  // The file itself makes room.
  const most = Math.min(mostPages, pages, mostFiles - files.items.length + 1);
  return most > 0 && canDraw() ? { pages, most } : null;
}

/**
 * Makes one bar of WebLLM's load. It tells three that each begin anew, names its phases in sentences, and counts whole files;
 * what it asks the store for tells more: a file has arrived where it belongs when the next one is asked for.
 */
import type { LoadPhase, LoadProgress } from '../../../src/shared/protocol/engine';
import type { ReadableFile } from '../../file-content';

/** Of the bar; the rest is compiling, which takes seconds where the driver has not kept the programs of the last time. */
const shareOfBytes = 0.85;

export class LoadPhases {
  readonly #totalBytes: number;
  readonly #arrived = new Set<string>();
  #loadedBytes = 0;
  #current: ReadableFile | null = null;
  #phase: LoadPhase = 'reading';
  #fraction = 0;

  constructor(
    files: readonly ReadableFile[],
    private readonly tell: (progress: LoadProgress) => void,
  ) {
    this.#totalBytes = files.reduce((sum, { content }) => sum + content.size, 0);
    this.#report();
  }

  /** WebLLM asks for a file: the one before it is done. */
  served(file: ReadableFile): void {
    if (file.path === this.#current?.path || this.#arrived.has(file.path)) return;
    this.#arrive();
    this.#current = file;
    if (/\.bin$/.test(file.path)) this.#phase = 'uploading';
    this.#report();
  }

  /** One of WebLLM's own reports. */
  told(text: string): void {
    const [, done, total] = /shader modules\[(\d+)\/(\d+)\]/.exec(text) ?? [];
    if (done !== undefined && total !== undefined) {
      this.compiling(Number(done), Number(total));
    } else if (/^Loading model from cache/.test(text)) {
      this.#arrive();
      this.#report();
    }
  }

  compiling(done: number, total: number): void {
    this.#phase = 'compiling';
    this.#current = null;
    this.#loadedBytes = this.#totalBytes;
    this.#report({ done, total });
  }

  #arrive(): void {
    if (this.#current !== null && !this.#arrived.has(this.#current.path)) {
      this.#arrived.add(this.#current.path);
      this.#loadedBytes += this.#current.content.size;
    }
    this.#current = null;
  }

  #report(programs?: { readonly done: number; readonly total: number }): void {
    const share = this.#totalBytes > 0 ? this.#loadedBytes / this.#totalBytes : 0;
    const compiled = programs && programs.total > 0 ? programs.done / programs.total : 0;
    // Never back: a bar that does that has lied before.
    this.#fraction = Math.max(this.#fraction, share * shareOfBytes + compiled * (1 - shareOfBytes));
    this.tell({
      phase: this.#phase,
      loadedBytes: this.#loadedBytes,
      totalBytes: this.#totalBytes,
      fraction: this.#fraction,
      ...(programs && { programs }),
    });
  }
}

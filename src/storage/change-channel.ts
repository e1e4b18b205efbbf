/** Tells the other tabs which records have been written or deleted, and hears it from them. */
export class ChangeChannel {
  readonly #channel: BroadcastChannel | null;
  readonly #listeners = new Set<(ids: readonly string[]) => void>();

  constructor(name: string) {
    this.#channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel(name) : null;
    this.#channel?.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      const ids = (Array.isArray(data) ? data : [data]).filter((id) => typeof id === 'string');
      if (ids.length > 0) for (const listener of this.#listeners) listener(ids);
    });
  }

  announce(...ids: readonly string[]): void {
    // One id alone is what a tab of the first version understands.
    if (ids.length > 0) this.#channel?.postMessage(ids.length === 1 ? ids[0] : ids);
  }

  /** @returns the way to stop listening */
  listen(listener: (ids: readonly string[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#channel?.close();
  }
}

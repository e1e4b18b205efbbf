import { loadPart } from '../load-part';
import { workFor, type Finishers } from './finish';
import type { PlainBlock } from './render';

/** What `load` brings, once; undefined when it cannot be had (the network is gone), and then it is tried again later. */
function once<T>(load: () => Promise<T>): () => Promise<T | undefined> {
  let loading: Promise<T | undefined> | null = null;
  return () =>
    (loading ??= load().catch(() => {
      loading = null;
      return undefined;
    }));
}

/** Brings the large parts of the worker when a text first has work for them. */
export class LoadedFinishers {
  readonly #highlight = once(() => loadPart(() => import('./highlight')));
  readonly #typeset = once(() => loadPart(() => import('./typeset')));

  async for(blocks: readonly PlainBlock[]): Promise<Finishers> {
    const work = workFor(blocks);
    return {
      highlight: work.highlight ? (await this.#highlight())?.highlight : undefined,
      typeset: work.typeset ? (await this.#typeset())?.typeset : undefined,
    };
  }
}

import { loadPart } from '../load-part';
import { workFor, type Finishers } from './finish';
import type { PlainBlock } from './render';

/** How long a text waits for a part, in ms: a network that is there but says nothing must not stop an answer. */
const patienceMs = 400;

/** A part that is loaded when it is first wanted, and waited for once. */
class LatePart<T> {
  #part: T | undefined;
  #loading: Promise<void> | null = null;
  #late = false;
  /** Somebody was answered without the part. */
  #owed = false;

  constructor(
    private readonly load: () => Promise<T>,
    /** It has come after all, and some text was answered without it. */
    private readonly came: () => void,
  ) {}

  /** Whether whoever wanted it goes without, and is told when it has come. */
  get awaited(): boolean {
    return this.#part === undefined;
  }

  /** Undefined while it cannot be had. Never rejects. */
  async get(): Promise<T | undefined> {
    if (this.#part !== undefined) return this.#part;
    this.#loading ??= this.load().then(
      (part) => {
        this.#part = part;
        if (this.#owed) this.came();
      },
      () => {
        // The network is gone: tried again with the next text, for those before it, too.
        this.#loading = null;
        this.#late = false;
      },
    );
    if (this.#late) {
      this.#owed = true;
      return undefined;
    }
    let timer: ReturnType<typeof setTimeout> | undefined;
    const enough = new Promise<void>((resolve) => (timer = setTimeout(resolve, patienceMs)));
    await Promise.race([this.#loading, enough]);
    clearTimeout(timer);
    this.#late = this.#part === undefined && this.#loading !== null;
    this.#owed ||= this.#part === undefined;
    return this.#part;
  }
}

interface PartLoads {
  readonly highlight: () => Promise<{ readonly highlight: NonNullable<Finishers['highlight']> }>;
  readonly typeset: () => Promise<{ readonly typeset: NonNullable<Finishers['typeset']> }>;
}

const loads: PartLoads = {
  highlight: () => loadPart(() => import('./highlight')),
  typeset: () => loadPart(() => import('./typeset')),
};

/** Brings the large parts of the worker when a text first has work for them. */
export class LoadedFinishers {
  readonly #highlight;
  readonly #typeset;

  /** @param came called when a part has come for which some text did not wait */
  constructor(came: () => void, { highlight, typeset }: PartLoads = loads) {
    this.#highlight = new LatePart(highlight, came);
    this.#typeset = new LatePart(typeset, came);
  }

  /** What there is for these blocks; `awaited` where they have work for more, which is on its way. */
  async for(blocks: readonly PlainBlock[]): Promise<{ readonly finishers: Finishers; readonly awaited: boolean }> {
    const work = workFor(blocks);
    const [highlight, typeset] = await Promise.all([
      work.highlight ? this.#highlight.get() : undefined,
      work.typeset ? this.#typeset.get() : undefined,
    ]);
    const awaited = (work.highlight && this.#highlight.awaited) || (work.typeset && this.#typeset.awaited);
    return { finishers: { highlight: highlight?.highlight, typeset: typeset?.typeset }, awaited };
  }
}

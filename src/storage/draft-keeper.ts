import { failureFrom, type Failure } from '../shared/protocol/failure';
import type { Draft } from '../shared/domain/draft';
import type { RecordRepository } from './records';

/** How long nothing may be typed before a draft is written, in ms. */
const restMs = 400;

interface DraftListener {
  /** A draft was put or dropped; null where there is none any more. */
  changed(id: string, draft: Draft | null): void;
  failed(failure: Failure): void;
}

const isEmpty = (draft: Draft): boolean => draft.text.trim() === '' && draft.attachmentIds.length === 0;

/** Keeps what has been typed but not sent: on disk a moment after the last key, and at once when the page goes away. */
export class DraftKeeper {
  readonly #waiting = new Map<string, Draft>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly repository: RecordRepository<Draft>,
    private readonly listener: DraftListener,
  ) {}

  /** Takes a draft as it is now; an empty one is deleted. */
  put(draft: Draft): void {
    this.#waiting.set(draft.id, draft);
    this.listener.changed(draft.id, isEmpty(draft) ? null : draft);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), restMs);
  }

  /** Null when there is none. Rejects with a `FailureError`. */
  async read(id: string): Promise<Draft | null> {
    await this.flush();
    return this.repository.read(id);
  }

  /** Writes at once what has not been written yet. Never rejects: a failure is told to the listener. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    const drafts = [...this.#waiting.values()];
    this.#waiting.clear();
    // One after the other: an older text must never overwrite a newer one.
    this.#writing = this.#writing
      .then(async () => {
        for (const draft of drafts) {
          if (isEmpty(draft)) await this.repository.remove(draft.id);
          else await this.repository.write(draft);
        }
      })
      .catch((error: unknown) => this.listener.failed(failureFrom(error, 'storage-unavailable')));
    return this.#writing;
  }
}

import { failed, type Failure, type Result } from '../../shared/protocol/failure';
import type { HubModel, HubQuery } from '../../shared/protocol/weights';

export interface HubSearcher {
  searchHub(query: HubQuery, inquiryId: string): Promise<Result<readonly HubModel[]>>;
  cancelInspection(inquiryId: string): void;
}

/** A search of the model host. Nothing is asked before a person presses the button: the words go to the host. */
export class HubSearch {
  #found = $state.raw<readonly HubModel[] | null>(null);
  #failure = $state.raw<Failure | null>(null);
  #inquiryId = $state<string | null>(null);
  #last: HubQuery | null = null;

  constructor(private readonly searcher: HubSearcher) {}

  /** Null before the first search. */
  get found(): readonly HubModel[] | null {
    return this.#found;
  }

  /** What was looked for last, for who comes back to the list. */
  get last(): HubQuery | null {
    return this.#last;
  }

  get failure(): Failure | null {
    return this.#failure;
  }

  get asking(): boolean {
    return this.#inquiryId !== null;
  }

  /** The newest search counts: the answer to an older one is left out. */
  async ask(query: HubQuery): Promise<void> {
    this.cancel();
    const id = crypto.randomUUID();
    this.#inquiryId = id;
    this.#last = query;
    this.#failure = null;
    const result = await this.searcher
      .searchHub(query, id)
      .catch((error: unknown): Result<never> => failed('unexpected', String(error)));
    if (this.#inquiryId !== id) return;
    this.#inquiryId = null;
    if (result.ok) this.#found = result.value;
    else if (result.failure.kind !== 'cancelled') this.#failure = result.failure;
  }

  again(): void {
    if (this.#last) void this.ask(this.#last);
  }

  cancel(): void {
    if (this.#inquiryId !== null) this.searcher.cancelInspection(this.#inquiryId);
    this.#inquiryId = null;
  }
}

import type { DocumentId, Passage } from '../shared/domain/collection';
import { failureFrom, type Failure } from '../shared/protocol/failure';
import type { CollectionsApi } from './documents-api';

/** A document that is being looked at. */
export class OpenDocument {
  #text = $state.raw<string | null>(null);
  #passages = $state.raw<readonly Passage[]>([]);
  #failure = $state.raw<Failure | null>(null);

  constructor(
    private readonly collections: CollectionsApi,
    private readonly id: DocumentId,
  ) {}

  /** Its text is here. */
  get ready(): boolean {
    return this.#text !== null;
  }
  get text(): string {
    return this.#text ?? '';
  }
  get passages(): readonly Passage[] {
    return this.#passages;
  }
  /** Why it cannot be read: it may be gone. */
  get failure(): Failure | null {
    return this.#failure;
  }

  /** Never rejects. */
  async read(): Promise<void> {
    this.#failure = null;
    try {
      const content = await this.collections.content(this.id);
      if (!content.ok) {
        this.#failure = content.failure;
        return;
      }
      const text = await content.value.text.text();
      this.#passages = content.value.passages;
      this.#text = text;
    } catch (error) {
      this.#failure = failureFrom(error, 'storage-unavailable');
    }
  }
}

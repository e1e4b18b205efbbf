import { SvelteMap } from 'svelte/reactivity';
import type { CatalogEntry } from '../../shared/domain/catalog';
import { failed, type Failure, type Result } from '../../shared/protocol/failure';
import type { WeightsManifest } from '../../shared/protocol/weights';
import type { Inquiries } from '../add/inquiries';
import { requestFor } from '../add/model-address';

type EntryState =
  | { readonly kind: 'asking'; readonly abort: AbortController }
  /** With the manifest when the files are known, and only the space was missing. */
  | { readonly kind: 'failed'; readonly failure: Failure; readonly manifest: WeightsManifest | null };

type Download = (manifest: WeightsManifest, despiteSpace?: boolean) => Promise<Result<null>>;

/** What happens between a press on "Download" and the model's place in the store. */
export class CatalogDownloads {
  readonly #states = new SvelteMap<string, EntryState>();

  constructor(
    private readonly inquiries: Inquiries,
    private readonly download: Download,
  ) {}

  isAsking(id: string): boolean {
    return this.#states.get(id)?.kind === 'asking';
  }

  failureOf(id: string): Failure | null {
    const state = this.#states.get(id);
    return state?.kind === 'failed' ? state.failure : null;
  }

  /** Resolves with true when the download is noted in the store. */
  async start(entry: CatalogEntry): Promise<boolean> {
    const { id } = entry;
    if (this.isAsking(id)) return false;
    const abort = new AbortController();
    this.#states.set(id, { kind: 'asking', abort });
    const found = await this.inquiries.ask(requestFor(entry), abort.signal);
    if (!found.ok) return this.#fail(id, found.failure, null);
    if (found.value.kind === 'choice') {
      // The catalog names one file; so the repository has been changed.
      const technical = `${found.value.choices.length} files to choose from`;
      return this.#fail(id, failed('address-not-understood', technical, { subject: entry.repository }).failure, null);
    }
    const { manifest, withoutProjector } = found.value;
    // Without it, the model would not be what it is fetched for.
    if (entry.projector && withoutProjector)
      return this.#fail(
        id,
        withoutProjector.failure ?? failed('projector-mismatch', withoutProjector.path).failure,
        null,
      );
    return this.#note(id, manifest, false);
  }

  /** Although the browser's estimate says that there is no space. */
  async anyway(entry: CatalogEntry): Promise<boolean> {
    const state = this.#states.get(entry.id);
    // With or without eyes: a person may have changed that since.
    const isSame = state?.kind === 'failed' && !state.manifest?.projector === !entry.projector;
    if (!isSame || state.manifest === null) return this.start(entry);
    return this.#note(entry.id, state.manifest, true);
  }

  cancel(id: string): void {
    const state = this.#states.get(id);
    if (state?.kind === 'asking') state.abort.abort();
    this.#states.delete(id);
  }

  async #note(id: string, manifest: WeightsManifest, despiteSpace: boolean): Promise<boolean> {
    const noted = await this.download(manifest, despiteSpace);
    if (!noted.ok) return this.#fail(id, noted.failure, manifest);
    this.#states.delete(id);
    return true;
  }

  #fail(id: string, failure: Failure, manifest: WeightsManifest | null): false {
    // A person who cancels knows it.
    if (failure.kind === 'cancelled') this.#states.delete(id);
    else this.#states.set(id, { kind: 'failed', failure, manifest });
    return false;
  }
}

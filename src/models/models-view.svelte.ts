import { tick } from 'svelte';
import type { MeasuredSpeeds } from '../contracts/benchmark/prediction';
import type { CatalogueEntry, CatalogueFamily } from '../contracts/catalogue';
import type { DeviceFacts } from '../contracts/device';
import type { StoredModel } from '../contracts/weights';
import { loadPart } from '../ui/load-part';
import { recommend } from './catalogue/recommend';
import { alternativesTo } from './alternatives';
import { CatalogueDownloads } from './catalogue-downloads.svelte';
import { CompareChoice } from './compare-choice.svelte';
import { FileCopies } from './file-copies.svelte';
import { focusArticle } from './focus-article';
import { Inquiries } from './inquiries';
import { currentLibraryUrl, type LibraryState, libraryState } from './model-library';
import type { ModelShelf } from './model-shelf.svelte';
import { webLlmBuildsOf } from './webllm-builds';
import { traitsOfEntry, traitsOfStored, type ModelTraits } from './model-traits';

interface Catalogue {
  readonly entries: readonly CatalogueEntry[];
  readonly families: readonly CatalogueFamily[];
}

/** Everything the Models screen shows, put together while it is open: the shelf, the catalogue and what the device can do. */
export class ModelsView {
  readonly compare = new CompareChoice((id) => this.#isListed(id));
  readonly inquiries: Inquiries;
  readonly downloads: CatalogueDownloads;
  readonly copies: FileCopies;
  #probed = $state.raw<DeviceFacts | null>(null);
  #catalogue = $state.raw<Catalogue | null>(null);
  #unreachable = $state(false);
  #measured = $state.raw<MeasuredSpeeds | null>(null);
  #wantedId = $state<string | null>(null);

  constructor(
    readonly shelf: ModelShelf,
    private readonly readMeasured: () => Promise<MeasuredSpeeds | null> = () => Promise.resolve(null),
  ) {
    this.inquiries = new Inquiries(shelf);
    this.downloads = new CatalogueDownloads(this.inquiries, (manifest, despiteSpace) =>
      shelf.download(manifest, despiteSpace),
    );
    this.copies = new FileCopies(shelf);
  }

  /** Asks the device, which can take a moment, and fetches the catalogue. */
  async open(): Promise<void> {
    void this.#probe();
    void this.#readMeasured();
    this.#unreachable = false;
    try {
      const { entries, families } = await loadPart(() => import('./catalogue/catalogue-data'));
      this.#catalogue = { entries, families };
    } catch {
      this.#unreachable = true;
    }
  }

  /** With the space as it is now, and the speed of its memory where that was measured. */
  readonly device: DeviceFacts | null = $derived.by(() => {
    const { space } = this.shelf;
    if (this.#probed === null) return null;
    const memoryGBps = this.#measured?.cpu;
    return {
      ...this.#probed,
      ...(space && { storage: { ...this.#probed.storage, quotaBytes: space.quotaBytes, usedBytes: space.usedBytes } }),
      ...(memoryGBps && { memoryGBps }),
    };
  });

  /** What the benchmark found of this device; null where it has not been run. */
  get measured(): MeasuredSpeeds | null {
    return this.#measured;
  }

  get families(): readonly CatalogueFamily[] {
    return this.#catalogue?.families ?? [];
  }

  /** Whether the catalogue, a part of the app, could not be fetched. */
  get isUnreachable(): boolean {
    return this.#unreachable;
  }

  get hasCatalogue(): boolean {
    return this.#catalogue !== null;
  }

  /** What is not on this device yet. */
  readonly available: readonly CatalogueEntry[] = $derived.by(() => {
    const stored = new Set(this.shelf.stored.map(({ manifest }) => manifest.modelId));
    return (this.#catalogue?.entries ?? []).filter(({ id }) => !stored.has(id));
  });

  /** Of all of them, so that the advice stays the same when one of the recommended has been fetched. */
  readonly recommended: readonly CatalogueEntry[] = $derived(
    this.device && this.#catalogue ? recommend(this.#catalogue.entries, this.device) : [],
  );

  traitsOfEntry(entry: CatalogueEntry): ModelTraits {
    return traitsOfEntry(entry, this.#familyOf(entry), this.device);
  }

  traitsOfStored(model: StoredModel): ModelTraits {
    const entry = this.#catalogue?.entries.find(({ id }) => id === model.manifest.modelId);
    const settings = this.shelf.loadSettings.of(model.manifest.modelId);
    const builds = webLlmBuildsOf(model.manifest.modelId, this.shelf.stored, this.#catalogue?.entries ?? []);
    return traitsOfStored(model, entry, entry && this.#familyOf(entry), this.device, settings, builds);
  }

  /** Whether the compiled library of a stored model goes with this version of the app. */
  libraryStateOf({ manifest }: StoredModel): LibraryState {
    return libraryState(manifest, this.#catalogue?.entries ?? []);
  }

  /** Where the library for a stored model is; undefined for weights that the catalogue does not know. */
  libraryUrlOf({ manifest }: StoredModel): string | undefined {
    return currentLibraryUrl(manifest, this.#catalogue?.entries ?? []);
  }

  /** What should run here instead of a model that will not. */
  alternativesTo(id: string): readonly CatalogueEntry[] {
    if (this.device === null || this.#catalogue === null) return [];
    const { entries } = this.#catalogue;
    return alternativesTo(entries.find((entry) => entry.id === id) ?? { id }, entries, this.device);
  }

  /** An entry that is shown although filters, or the length of the list, would hide it. */
  get wanted(): CatalogueEntry | undefined {
    return this.available.find(({ id }) => id === this.#wantedId);
  }

  /** Brings the card of a model onto the screen, and the focus to it. */
  async show(id: string): Promise<void> {
    this.#wantedId = id;
    await tick();
    await focusArticle(id);
  }

  /** Of a model in the store or of the catalogue. */
  traitsOf(id: string): ModelTraits | null {
    const stored = this.shelf.stored.find(({ manifest }) => manifest.modelId === id);
    if (stored) return this.traitsOfStored(stored);
    const entry = this.available.find((candidate) => candidate.id === id);
    return entry ? this.traitsOfEntry(entry) : null;
  }

  #isListed(id: string): boolean {
    return (
      this.shelf.stored.some(({ manifest }) => manifest.modelId === id) ||
      this.available.some((entry) => entry.id === id)
    );
  }

  #familyOf(entry: CatalogueEntry): CatalogueFamily | undefined {
    return this.#catalogue?.families.find(({ id }) => id === entry.family);
  }

  /** Without it nothing is predicted; everything else is as it was. */
  async #readMeasured(): Promise<void> {
    this.#measured = await this.readMeasured().catch(() => null);
  }

  async #probe(): Promise<void> {
    try {
      const { probeDevice } = await loadPart(() => import('../device/probe'));
      this.#probed = await probeDevice();
    } catch {
      this.#unreachable = true;
    }
  }
}

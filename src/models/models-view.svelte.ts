import { tick } from 'svelte';
import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import type { MeasuredSpeeds } from '../shared/domain/benchmark/prediction';
import type { CatalogEntry, CatalogFamily, CatalogProjector, ModelBuilds } from '../shared/domain/catalog';
import type { DeviceFacts } from '../shared/domain/device';
import type { StoredModel } from '../shared/protocol/weights';
import { alternativesTo } from './catalog/alternatives';
import type { CatalogDownloads } from './shelf/catalog-downloads.svelte';
import { suitedModel, type SuitedModel } from './catalog/suited-model';
import { withProjector } from './catalog/with-projector';
import { CompareChoice } from './compare/compare-choice.svelte';
import { FileCopies } from './shelf/file-copies.svelte';
import { focusArticle } from './focus-article';
import type { Inquiries } from './add/inquiries';
import { currentLibraryUrl, type LibraryState, libraryState } from './load/model-library';
import type { ModelShelf } from './shelf/model-shelf.svelte';
import { webLlmBuildsOf } from './load/webllm-builds';
import { traitsOfEntry, traitsOfStored, type ModelTraits } from './model-traits';
import type { ModelAdvice } from './model-advice.svelte';
import { recommendationReason } from './catalog/recommendation-reason';
import type { Starter } from './starter.svelte';

/** Everything the Models screen shows, put together while it is open: the shelf, the catalog and what the device can do. */
export class ModelsView {
  readonly compare = new CompareChoice((id) => this.#isListed(id));
  readonly copies: FileCopies;
  #wantedId = $state<string | null>(null);
  /** What was asked for on this screen stays where it was asked for, until the screen is left. */
  readonly #inPlace = new SvelteSet<string>();
  /** By the id of the model: the build that a person wants. */
  readonly #chosenBuilds = new SvelteMap<string, string>();
  /** Ids of builds that are wanted with the file that lets them see or hear. */
  readonly #withProjectors = new SvelteSet<string>();

  constructor(
    readonly shelf: ModelShelf,
    private readonly starter: Starter,
  ) {
    this.copies = new FileCopies(shelf);
  }

  get inquiries(): Inquiries {
    return this.starter.inquiries;
  }

  /** Those of the whole visit: a download that was asked for in the chat goes on here, and fails here. */
  get downloads(): CatalogDownloads {
    return this.starter.downloads;
  }

  /** Asks the device, which can take a moment, and fetches the catalog. */
  open(): Promise<void> {
    return this.advice.open();
  }

  get advice(): ModelAdvice {
    return this.starter.advice;
  }

  get device(): DeviceFacts | null {
    return this.advice.device;
  }

  /** What was found of this device's speed; null where nothing has been measured. */
  get measured(): MeasuredSpeeds | null {
    return this.advice.measured;
  }

  get families(): readonly CatalogFamily[] {
    return this.advice.families;
  }

  get isUnreachable(): boolean {
    return this.advice.isUnreachable;
  }

  get hasCatalog(): boolean {
    return this.advice.hasCatalog;
  }

  /** The catalog, but for what is on this device already; what was asked for on this screen stays. */
  readonly available: readonly ModelBuilds[] = $derived.by(() => {
    const here = new Set(this.here.map(({ manifest }) => manifest.modelId));
    return this.advice.models.flatMap((model) => {
      const [first, ...others] = model.builds.filter(({ id }) => !here.has(id));
      return first ? [{ ...model, builds: [first, ...others] as const }] : [];
    });
  });

  /** What stands under "On this device". */
  readonly here: readonly StoredModel[] = $derived.by(() =>
    this.shelf.stored.filter(({ manifest }) => !this.#inPlace.has(manifest.modelId)),
  );

  readonly models: readonly SuitedModel[] = $derived.by(() =>
    this.available.map((model) => suitedModel(model, this.device, this.measured)),
  );

  /** The best first; without what is on this device. */
  readonly recommended: readonly SuitedModel[] = $derived.by(() =>
    this.advice.recommended.flatMap((entry) => {
      const model = this.models.find(({ builds }) => builds.includes(entry));
      return model ? [{ ...model, suited: entry }] : [];
    }),
  );

  /** Why an entry is among the recommended; undefined for one that is not. */
  whyRecommended({ suited }: SuitedModel): string | undefined {
    const { recommended } = this.advice;
    return recommended.includes(suited) ? recommendationReason(suited, recommended) : undefined;
  }

  /** The build that the card of a model is about: the one that a person has chosen, or that suits. */
  buildOf(model: SuitedModel): CatalogEntry {
    const build = this.#bareBuildOf(model);
    return this.#withProjectors.has(build.id) ? withProjector(build) : build;
  }

  #bareBuildOf({ id: model, builds, suited }: SuitedModel): CatalogEntry {
    return builds.find(({ id }) => id === this.#chosenBuilds.get(model)) ?? suited;
  }

  /** What the build of a card could come with, if a person wants it; undefined where there is nothing to decide. */
  optionalProjectorOf(model: SuitedModel): CatalogProjector | undefined {
    return this.#bareBuildOf(model).optionalProjector;
  }

  chooseProjector({ id }: CatalogEntry, wanted: boolean): void {
    this.#withProjectors[wanted ? 'add' : 'delete'](id);
  }

  /** The entry of a stored model with what lets it see or hear, where it came without. */
  seeingEntryOf({ manifest, state }: StoredModel): CatalogEntry | undefined {
    const entry = this.advice.entries.find(({ id }) => id === manifest.modelId);
    return state === 'ready' && entry?.optionalProjector && !manifest.projector ? withProjector(entry) : undefined;
  }

  chooseBuild({ model, id }: CatalogEntry): void {
    this.#chosenBuilds.set(model, id);
  }

  /** The model's download, where it was begun from its card on this screen. */
  storedInPlace({ builds }: SuitedModel): StoredModel | undefined {
    return this.shelf.stored.find(
      ({ manifest: { modelId } }) => this.#inPlace.has(modelId) && builds.some(({ id }) => id === modelId),
    );
  }

  keepInPlace(id: string): void {
    this.#inPlace.add(id);
  }

  traitsOfEntry(entry: CatalogEntry): ModelTraits {
    return traitsOfEntry(entry, this.advice.familyOf(entry), this.device, this.measured);
  }

  traitsOfStored(model: StoredModel): ModelTraits {
    const entry = this.advice.entries.find(({ id }) => id === model.manifest.modelId);
    const settings = this.shelf.loadSettings.of(model.manifest.modelId);
    const { entries } = this.advice;
    const builds = webLlmBuildsOf(model.manifest.modelId, this.shelf.stored, entries);
    const family = entry && this.advice.familyOf(entry);
    return traitsOfStored(model, entry, family, this.device, settings, this.measured, builds);
  }

  /** Whether the compiled library of a stored model goes with this version of the app. */
  libraryStateOf({ manifest }: StoredModel): LibraryState {
    return libraryState(manifest, this.advice.entries);
  }

  /** Where the library for a stored model is; undefined for weights that the catalog does not know. */
  libraryUrlOf({ manifest }: StoredModel): string | undefined {
    return currentLibraryUrl(manifest, this.advice.entries);
  }

  /** What should run here instead of a model that will not. */
  alternativesTo(id: string): readonly CatalogEntry[] {
    if (this.device === null || !this.hasCatalog) return [];
    const { entries } = this.advice;
    return alternativesTo(entries.find((entry) => entry.id === id) ?? { id }, entries, this.device);
  }

  /** A model that is shown although filters, or the length of the list, would hide it. */
  get wanted(): SuitedModel | undefined {
    return this.models.find(({ builds }) => builds.some(({ id }) => id === this.#wantedId));
  }

  /** Brings the card of a model onto the screen, and the focus to it. */
  async show(id: string): Promise<void> {
    this.#wantedId = id;
    const build = this.#availableBuild(id);
    if (build) this.chooseBuild(build);
    await tick();
    await focusArticle(id);
  }

  /** Of a model in the store or of the catalog. */
  traitsOf(id: string): ModelTraits | null {
    const stored = this.shelf.stored.find(({ manifest }) => manifest.modelId === id);
    if (stored) return this.traitsOfStored(stored);
    const entry = this.#availableBuild(id);
    return entry ? this.traitsOfEntry(entry) : null;
  }

  #availableBuild(id: string): CatalogEntry | undefined {
    return this.available.flatMap(({ builds }) => builds).find((build) => build.id === id);
  }

  #isListed(id: string): boolean {
    return this.shelf.stored.some(({ manifest }) => manifest.modelId === id) || this.#availableBuild(id) !== undefined;
  }
}

import type { MeasuredSpeeds } from '../shared/domain/benchmark/prediction';
import type { CatalogEntry, CatalogFamily, ModelBuilds } from '../shared/domain/catalog';
import type { DeviceFacts } from '../shared/domain/device';
import { joinMeasured, measuredByCheck } from '../engine/quick-prediction';
import type { SpeedCheck } from '../engine/speed-check.svelte';
import { loadPart } from '../ui/load-part';
import type { ModelShelf } from './shelf/model-shelf.svelte';

interface Catalog {
  readonly models: readonly ModelBuilds[];
  readonly entries: readonly CatalogEntry[];
  readonly families: readonly CatalogFamily[];
  readonly recommend: typeof import('./catalog/recommend').recommend;
}

/**
 * What this device can do and which models suit it. Asked for when a model is wanted, not at the start: probing a GPU may wake
 * a second one, and the first answer needs none of it.
 */
export class ModelAdvice {
  #probed = $state.raw<DeviceFacts | null>(null);
  #catalog = $state.raw<Catalog | null>(null);
  #unreachable = $state(false);
  #benchmarked = $state.raw<MeasuredSpeeds | null>(null);
  #opening: Promise<void> | null = null;

  constructor(
    private readonly shelf: ModelShelf,
    readonly speedCheck: SpeedCheck,
    private readonly readMeasured: () => Promise<MeasuredSpeeds | null> = () => Promise.resolve(null),
  ) {}

  /** Asks the device, which can take a moment, and fetches the catalog; once, unless one of them could not be had. */
  open(): Promise<void> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  /** With the space as it is now, and the speed of its memory where that was measured; null until the device has been asked. */
  readonly device: DeviceFacts | null = $derived.by(() => {
    const { space } = this.shelf;
    if (this.#probed === null) return null;
    const memoryGBps = this.measured?.cpu;
    return {
      ...this.#probed,
      ...(space && { storage: { ...this.#probed.storage, quotaBytes: space.quotaBytes, usedBytes: space.usedBytes } }),
      ...(memoryGBps && { memoryGBps }),
    };
  });

  get models(): readonly ModelBuilds[] {
    return this.#catalog?.models ?? [];
  }

  get entries(): readonly CatalogEntry[] {
    return this.#catalog?.entries ?? [];
  }

  get families(): readonly CatalogFamily[] {
    return this.#catalog?.families ?? [];
  }

  get hasCatalog(): boolean {
    return this.#catalog !== null;
  }

  /** Whether the catalog or the probe, parts of the app, could not be fetched. */
  get isUnreachable(): boolean {
    return this.#unreachable;
  }

  /** How fast this device has been found to be, by the benchmark or by the short check; null where nothing was measured. */
  readonly measured: MeasuredSpeeds | null = $derived.by(() => {
    const { found } = this.speedCheck;
    return joinMeasured(this.#benchmarked, found && measuredByCheck(found));
  });

  /** Of all of them, so that the advice stays the same when one of the recommended has been fetched; the best first. */
  readonly recommended: readonly CatalogEntry[] = $derived.by(() => {
    const { device } = this;
    return device && this.#catalog
      ? this.#catalog.recommend(this.#catalog.entries, device, undefined, this.measured)
      : [];
  });

  familyOf(entry: CatalogEntry): CatalogFamily | undefined {
    return this.families.find(({ id }) => id === entry.family);
  }

  /** What the benchmark has measured. Without it nothing is predicted; everything else is as it was. */
  async #readBenchmark(): Promise<void> {
    this.#benchmarked = await this.readMeasured().catch(() => null);
  }

  async #open(): Promise<void> {
    void this.#readBenchmark();
    this.#unreachable = false;
    try {
      const [{ models, entries, families }, { recommend }, { probeDevice }] = await Promise.all([
        loadPart(() => import('./catalog/catalog-data')),
        loadPart(() => import('./catalog/recommend')),
        loadPart(() => import('../device/probe')),
      ]);
      this.#catalog = { models, entries, families, recommend };
      this.#probed = await probeDevice();
    } catch {
      this.#unreachable = true;
      // The next one who asks tries again.
      this.#opening = null;
    }
  }
}

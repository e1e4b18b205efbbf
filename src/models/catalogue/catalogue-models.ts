/** The catalogue by models: the builds of one model (formats and quantizations) stand on one card. */
import type { CatalogueEntry } from '../../shared/domain/catalogue';
import type { MeasuredSpeeds } from '../../shared/domain/benchmark/prediction';
import type { DeviceFacts } from '../../shared/domain/device';
import { fitVerdicts, type FitVerdict } from '../../shared/domain/fit';
import { fitHere } from '../expected-speed';

export interface CatalogueModel {
  readonly title: string;
  /** Never empty; in the order of the catalogue. */
  readonly builds: readonly [CatalogueEntry, ...CatalogueEntry[]];
}

export function modelsOf(entries: readonly CatalogueEntry[]): readonly CatalogueModel[] {
  const models = new Map<string, [CatalogueEntry, ...CatalogueEntry[]]>();
  for (const entry of entries) {
    const builds = models.get(entry.title);
    if (builds) builds.push(entry);
    else models.set(entry.title, [entry]);
  }
  return [...models].map(([title, builds]) => ({ title, builds }));
}

/** A GPU computes many times as fast, so its build comes first where it runs; of two like it, the one with fewer bytes. */
function suitedBuild(
  { builds }: CatalogueModel,
  device: DeviceFacts | null,
  measured: MeasuredSpeeds | null,
): CatalogueEntry {
  if (device === null) return builds[0];
  const ranks = new Map(builds.map((build) => [build, rankOf(build, device, measured)]));
  const rank = (build: CatalogueEntry): number => ranks.get(build) ?? fitVerdicts.length;
  const [best = builds[0]] = [...builds].sort(
    (a, b) => rank(a) - rank(b) || Number(b.format === 'mlc') - Number(a.format === 'mlc') || a.bytes - b.bytes,
  );
  return best;
}

const rankOf = (build: CatalogueEntry, device: DeviceFacts, measured: MeasuredSpeeds | null): number =>
  fitVerdicts.indexOf(fitHere(build, device, measured).verdict);

export interface SuitedModel extends CatalogueModel {
  readonly suited: CatalogueEntry;
  /** Of the suited build; null until the device has been asked. */
  readonly verdict: FitVerdict | null;
}

export function suitedModel(
  model: CatalogueModel,
  device: DeviceFacts | null,
  measured: MeasuredSpeeds | null = null,
): SuitedModel {
  const suited = suitedBuild(model, device, measured);
  return { ...model, suited, verdict: device && fitHere(suited, device, measured).verdict };
}

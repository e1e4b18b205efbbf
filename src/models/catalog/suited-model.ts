/** The build that the card of a model begins with: the one that suits this device. */
import type { CatalogEntry, ModelBuilds } from '../../shared/domain/catalog';
import type { MeasuredSpeeds } from '../../shared/domain/benchmark/prediction';
import type { DeviceFacts } from '../../shared/domain/device';
import { fitVerdicts, type FitVerdict } from '../../shared/domain/fit';
import { fitHere } from '../expected-speed';

/** A GPU computes many times as fast, so its build comes first where it runs; of two like it, the one with fewer bytes. */
function suitedBuild(
  { builds }: ModelBuilds,
  device: DeviceFacts | null,
  measured: MeasuredSpeeds | null,
): CatalogEntry {
  if (device === null) return builds[0];
  const ranks = new Map(builds.map((build) => [build, rankOf(build, device, measured)]));
  const rank = (build: CatalogEntry): number => ranks.get(build) ?? fitVerdicts.length;
  const [best = builds[0]] = [...builds].sort(
    (a, b) => rank(a) - rank(b) || Number(b.format === 'mlc') - Number(a.format === 'mlc') || a.bytes - b.bytes,
  );
  return best;
}

const rankOf = (build: CatalogEntry, device: DeviceFacts, measured: MeasuredSpeeds | null): number =>
  fitVerdicts.indexOf(fitHere(build, device, measured).verdict);

export interface SuitedModel extends ModelBuilds {
  readonly suited: CatalogEntry;
  /** Of the suited build; null until the device has been asked. */
  readonly verdict: FitVerdict | null;
}

export function suitedModel(
  model: ModelBuilds,
  device: DeviceFacts | null,
  measured: MeasuredSpeeds | null = null,
): SuitedModel {
  const suited = suitedBuild(model, device, measured);
  return { ...model, suited, verdict: device && fitHere(suited, device, measured).verdict };
}

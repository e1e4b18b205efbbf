import type { MeasuredSpeeds } from '../shared/domain/benchmark/prediction';
import type { CatalogEntry } from '../shared/domain/catalog';
import { formatExpectedRate } from '../text/formatting';
import { m } from '../text/paraglide/messages.js';
import { expectedSpeed } from './expected-speed';
import type { Fact } from './model-facts';

/** The expected speed of a model, with its range. Nothing where this device was not measured, or for a model that writes no answers. */
export function predictedFacts(entry: CatalogEntry, measured: MeasuredSpeeds | null): readonly Fact[] {
  const speed = entry.tasks.includes('embedding') ? null : expectedSpeed(entry, measured);
  if (!speed) return [];
  const { middle, low, high } = speed;
  const value = m.bench_predicted_text({
    rate: formatExpectedRate(middle),
    low: formatExpectedRate(low),
    high: formatExpectedRate(high),
  });
  return [{ name: m.bench_predicted(), value }];
}

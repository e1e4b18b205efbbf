import { predictSpeed, type MeasuredSpeeds } from '../contracts/benchmark/prediction';
import type { CatalogueEntry } from '../contracts/catalogue';
import { cpuEngineOf } from '../engine/choose-engine';
import { formatRate } from '../text/formatting';
import { m } from '../text/paraglide/messages.js';
import type { Fact } from './model-facts';

/**
 * How fast a model will be here, by what the benchmark found of this device's memory. Nothing where it has not been run.
 * The bytes of the download stand for those that a token reads: only a table of embeddings of its own is less.
 */
export function predictedFacts(
  { format, bytes, architecture }: CatalogueEntry,
  measured: MeasuredSpeeds | null,
): readonly Fact[] {
  // What is expected of the CPU is what Sotto's engine makes of it.
  if (format === 'gguf' && cpuEngineOf({ ...(architecture && { architecture }) }) !== 'cpu') return [];
  const speed = measured && predictSpeed(format === 'mlc' ? 'gpu' : 'cpu', bytes, measured);
  if (!speed) return [];
  const { middle, low, high } = speed;
  const value = m.bench_predicted_text({ rate: formatRate(middle), low: formatRate(low), high: formatRate(high) });
  return [{ name: m.bench_predicted(), value }];
}

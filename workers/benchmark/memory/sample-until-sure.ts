import { median, rateInterval } from '../../../src/shared/domain/benchmark/statistics';
import type { BandwidthReading } from '../../../src/shared/domain/benchmark/ceiling';

/** Half the interval that is good enough, as a share. */
const sure = 0.03;

/** Samples one size until it is known to 3 %, or as often as is allowed: the median, and how sure it is. */
export async function sampleUntilSure(
  bytes: number,
  most: number,
  sample: () => Promise<number>,
): Promise<BandwidthReading> {
  const samples: number[] = [];
  while (samples.length < most) {
    samples.push(await sample());
    if (samples.length >= 3 && (rateInterval(samples)?.halfWidth ?? Infinity) <= sure) break;
  }
  return { bytes, gigabytesPerSecond: median(samples), halfWidth: rateInterval(samples)?.halfWidth ?? null };
}

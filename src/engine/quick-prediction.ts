import type { MeasuredSpeeds } from '../shared/domain/benchmark/prediction';
import type { QuickSpeeds } from './device-memory';

/** No engine has been seen to keep memory busier than this. */
const mostShare = 0.85;

/**
 * What a check of a few seconds says of models that are not here yet. The Guide's rate on one core counts as one model that was
 * measured: with several threads an engine reaches more, but not as many times as much, so the root of their number is taken.
 */
export function measuredByCheck({ cpu, gpu, threads, coreRate }: QuickSpeeds): MeasuredSpeeds {
  const share = cpu !== null && coreRate !== null ? Math.min(mostShare, (coreRate * Math.sqrt(threads)) / cpu) : null;
  return { cpu, gpu, reached: { cpu: share === null ? [] : [share], gpu: [] } };
}

/** What the benchmark found counts before the check, place by place. */
export function joinMeasured(benchmark: MeasuredSpeeds | null, check: MeasuredSpeeds | null): MeasuredSpeeds | null {
  if (!benchmark || !check) return benchmark ?? check;
  const reached = (place: 'cpu' | 'gpu'): readonly number[] =>
    benchmark.reached[place].length > 0 ? benchmark.reached[place] : check.reached[place];
  return {
    cpu: benchmark.cpu ?? check.cpu,
    gpu: benchmark.gpu ?? check.gpu,
    reached: { cpu: reached('cpu'), gpu: reached('gpu') },
  };
}

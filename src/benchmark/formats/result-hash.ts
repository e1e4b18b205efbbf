/** The hash by which a result shows that nobody has changed it. */
import { canonicalHash } from '../../shared/domain/canonical-json';
import type { BenchmarkResult } from '../statistics/result';

export const resultHash = (result: Omit<BenchmarkResult, 'hash'>): Promise<string> =>
  canonicalHash({ ...result, hash: undefined });

export const withHash = async (result: Omit<BenchmarkResult, 'hash'>): Promise<BenchmarkResult> => ({
  ...result,
  hash: await resultHash(result),
});

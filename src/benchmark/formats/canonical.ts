/** One text for one result, whatever order its keys came in: what a hash is taken of. */
import type { BenchmarkResult } from '../statistics/result';

export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, content]) => content !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, content]) => `${JSON.stringify(key)}:${canonicalJson(content)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

export async function resultHash(result: Omit<BenchmarkResult, 'hash'>): Promise<string> {
  const rest = { ...result, hash: undefined };
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(canonicalJson(rest)));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export const withHash = async (result: Omit<BenchmarkResult, 'hash'>): Promise<BenchmarkResult> => ({
  ...result,
  hash: await resultHash(result),
});

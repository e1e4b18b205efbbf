// @vitest-environment node
/** V3: the mistakes that benchmarks make, each put into the code on purpose. One that nobody notices fails here. */
import { fileURLToPath } from 'node:url';
import { runnerImport, type Plugin } from 'vite';
import { describe, expect, it, vi } from 'vitest';

interface Mutation {
  readonly mistake: string;
  readonly file: string;
  readonly find: string;
  readonly put: string;
}

const figures = 'src/shared/domain/benchmark';
const mutations: readonly Mutation[] = [
  {
    mistake: 'the time to the first token is counted as writing',
    file: `${figures}/token-times.ts`,
    find: 'return (1000 * tokens) / (last - first);',
    put: 'return (1000 * tokens) / (last - times.requestedAt);',
  },
  {
    mistake: 'N tokens for N − 1 intervals',
    file: `${figures}/token-times.ts`,
    find: 'const tokens = tokenCount(times) - chunkSize(times, 0);',
    put: 'const tokens = tokenCount(times);',
  },
  {
    mistake: 'chunks are counted as tokens',
    file: `${figures}/token-times.ts`,
    find: 'chunkTokens?.[index] ?? 1',
    put: 'chunkTokens ? 1 : index - index + 1',
  },
  {
    mistake: 'stamps of Date.now()',
    file: 'workers/benchmark/repetition.ts',
    find: 'stamps: measured.timestamps,',
    put: 'stamps: measured.timestamps.map(Math.floor),',
  },
  {
    mistake: 'the warm-up is in the statistics',
    file: 'src/benchmark/result/assemble-result.ts',
    find: 'record.reps.filter(({ warmUp }) => !warmUp)',
    put: 'record.reps.filter(({ shape }) => shape.tokens >= 32)',
  },
  {
    mistake: 'there is no warm-up',
    file: 'workers/benchmark/warm-up.ts',
    find: 'count < plan.mostWarmUps',
    put: 'count < 0',
  },
  {
    mistake: 'a cached prompt counts as read',
    file: `${figures}/validity.ts`,
    find: '(rep.cachedTokens ?? 0) > 0',
    put: '(rep.cachedTokens ?? 0) > 1e9',
  },
  {
    mistake: 'the mean of single rates',
    file: `${figures}/token-times.ts`,
    find: 'return (1000 * tokens) / (last - first);',
    put: 'const each = tokenIntervals(times).map((ms) => 1000 / ms); return each.reduce((sum, rate) => sum + rate, 0) / each.length;',
  },
  {
    mistake: 'the standard deviation of a population',
    file: `${figures}/statistics.ts`,
    find: '/ (values.length - 1));',
    put: '/ values.length);',
  },
  {
    mistake: 'MiB taken for MB',
    file: 'src/benchmark/result/assemble-result.ts',
    find: 'weightsRead.bytes / milliseconds / 1000',
    put: 'weightsRead.bytes / milliseconds / 1048.576',
  },
  {
    mistake: 'MB taken for MiB',
    file: 'src/benchmark/formats/llama-bench-text.ts',
    find: '(bytes / 1024 ** 2).toFixed(2)} MiB',
    put: '(bytes / 1e6).toFixed(2)} MiB',
  },
  {
    mistake: 'a hidden repetition counts',
    file: `${figures}/validity.ts`,
    find: "if (context.hidden) causes.push('hidden');",
    put: '',
  },
  {
    mistake: 'an answer that the model ended counts',
    file: `${figures}/validity.ts`,
    find: "if (rep.generated < rep.wanted) causes.push('ended-early');",
    put: 'if (rep.generated < 0) causes.length = 0;',
  },
  {
    mistake: 'a row is named by a depth that was not there',
    file: `${figures}/validity.ts`,
    find: "if (wrong) causes.push('depth-wrong');",
    put: '',
  },
  {
    mistake: 'one token too few is generated',
    file: 'workers/benchmark/repetition.ts',
    find: 'const wanted = shape.tokens + 1;',
    put: 'const wanted = shape.tokens;',
  },
  {
    mistake: 'the engine’s count is not looked at',
    file: `${figures}/validity.ts`,
    find: "tags.push('count-mismatch')",
    put: "tags.push('pressure')",
  },
];

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** @returns the truths that the code, with this mutation, breaks */
async function truthsBrokenBy(mutation: Mutation | null): Promise<string[]> {
  let applied = mutation === null;
  const mutate: Plugin = {
    name: 'mutate',
    enforce: 'pre',
    transform(code, id) {
      if (mutation === null || !id.endsWith(mutation.file)) return null;
      applied = code.includes(mutation.find);
      return code.replace(mutation.find, () => mutation.put);
    },
  };
  // What a page has and Node does not.
  vi.stubGlobal('matchMedia', () => ({ matches: false }));
  if (!('navigator' in globalThis)) vi.stubGlobal('navigator', { userAgent: 'Chrome/1' });
  const { module } = await runnerImport<{ brokenTruths(): Promise<string[]> }>(
    `${root}tests/fixtures/benchmark-truths.ts`,
    {
      root,
      configFile: false,
      logLevel: 'silent',
      plugins: [mutate],
    },
  );
  const broken = await module.brokenTruths();
  if (!applied) throw new Error(`the code to be changed is not there: ${mutation?.find}`);
  return broken;
}

describe('a mistake', () => {
  it('is in nothing that is as it should be', async () => {
    expect(await truthsBrokenBy(null)).toEqual([]);
  });

  it.each(mutations.map((mutation) => [mutation.mistake, mutation] as const))('is noticed: %s', async (_, mutation) => {
    expect(await truthsBrokenBy(mutation)).not.toEqual([]);
  });
});

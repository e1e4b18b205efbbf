/** The layout of a benchmark's result as JSON Schema, for those who read results without Sotto. */
import { toJsonSchema } from '@valibot/to-json-schema';
import { resultLayout } from '../../src/benchmark/statistics/result.ts';
import { resultRep, resultTest } from '../../src/benchmark/statistics/result-test.ts';

export const resultSchema = (): object =>
  toJsonSchema(resultLayout, {
    target: 'draft-2020-12',
    // Where one rule looks at the form and the next one reads, the latter says what is allowed.
    typeMode: 'output',
    // JSON has no infinite numbers.
    ignoreActions: ['finite'],
    definitions: { test: resultTest, rep: resultRep },
  });

/** What follows from the one definition of a result: the published JSON Schema, and the names in links. */
import { createHash } from 'node:crypto';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { resultLayout } from '../../../src/benchmark/statistics/result';
import { linkNames, namesInOrder } from '../../../src/benchmark/formats/link-names';
import { readLink } from '../../../src/benchmark/formats/link';
import { resultSchema } from '../../../tools/build/result-schema';
import { firstReleaseLink } from '../../fixtures/first-release-link';
import { steady, VirtualClock, VirtualEngine } from '../../fixtures/virtual-engine';
import { virtualResult } from '../../fixtures/virtual-result';

const results = [
  await virtualResult(new VirtualEngine(new VirtualClock(), steady(1000, 30))),
  (await readLink(firstReleaseLink)).result,
].map((result) => JSON.parse(JSON.stringify(result)) as object);

describe('the published JSON Schema', () => {
  const published = new Ajv2020().compile(resultSchema());

  it('says what it is, and describes what cannot be seen from a name', () => {
    expect(resultSchema()).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: expect.stringContaining('sotto-bench/1.0'),
      description: expect.stringContaining('tokens per second'),
      properties: { hash: { description: expect.stringContaining('SHA-256') } },
      $defs: { rep: { properties: { itl_us_b64: { description: expect.stringContaining('little-endian') } } } },
    });
  });

  it('accepts and refuses what the app does, whatever stands in a field', { timeout: 30_000 }, () => {
    const strange = [
      null,
      true,
      -1,
      1.5,
      'x',
      'x'.repeat(2001),
      [],
      [1, 2],
      [1, 2, 3],
      Array(5001).fill(1),
      {},
      { a: 1 },
    ];
    const seen = { accepted: 0, refused: 0 };
    const compare = (result: object, place: string): void => {
      const read = v.is(resultLayout, result);
      expect(published(result), `${place}: the app reads it: ${read}`).toBe(read);
      seen[read ? 'accepted' : 'refused'] += 1;
    };
    const change = (result: object, part: object, place: string): void => {
      for (const [name, content] of Object.entries(part)) {
        if (Array.isArray(part) && name !== '0') continue;
        const here = `${place}.${name}`;
        for (const value of strange) {
          Reflect.set(part, name, value);
          compare(result, `${here} = ${JSON.stringify(value).slice(0, 20)}`);
        }
        Reflect.deleteProperty(part, name);
        if (!Array.isArray(part)) compare(result, `without ${here}`);
        Reflect.set(part, name, content);
        if (typeof content === 'object' && content !== null) change(result, content as object, here);
      }
    };
    for (const result of results) {
      compare(result, 'as it is');
      change(result, result, 'result');
    }
    expect(seen.accepted).toBeGreaterThan(100);
    expect(seen.refused).toBeGreaterThan(1000);
  });
});

describe('a name in a link', () => {
  it('stands where links of the first release have it', () => {
    const first = linkNames.slice(0, 188).join(' ');
    // Not a list to keep in step: this never changes.
    expect(createHash('sha256').update(first).digest('hex')).toBe(
      '1d23a08fb317f25634d7c50b3926791f84dd256665a531ef61c31f3f20a32361',
    );
    expect(first).toMatch(/^schema suite profile id .* grade letter hash$/);
  });

  it('that came later stands at the end, wherever its field is', () => {
    const layout = v.object({
      a: v.nullable(v.object({ new: v.string(), b: v.string() })),
      newest: v.array(v.strictTuple([v.object({ a: v.string(), c: v.exactOptional(v.object({ d: v.string() })) })])),
    });
    expect(namesInOrder(layout, [])).toEqual(['a', 'new', 'b', 'newest', 'c', 'd']);
    expect(namesInOrder(layout, ['new', 'newest'])).toEqual(['a', 'b', 'c', 'd', 'new', 'newest']);
  });
});

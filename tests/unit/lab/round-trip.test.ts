import { describe, expect, it } from 'vitest';
import { writeOwnJsonl } from '../../../workers/set-files/own-jsonl';
import { readSet } from '../../../workers/set-files/read-set';
import { writeCsv } from '../../../workers/set-files/write-csv';
import { writePromptfoo } from '../../../workers/set-files/write-promptfoo';
import { caseHash } from '../../../src/lab/set/set-hash';
import type { CaseSet, LabCase } from '../../../src/shared/domain/lab/case-set';
import type { Check } from '../../../src/shared/domain/lab/check';
import { mulberry32 } from '../../../workers/engine/seeded-random';
import { anySet } from './any-set';

const rounds = 100;
/** In ms. Random sets take a second or two where nothing else runs. */
const patience = 60_000;

const sets = (seed: number): readonly CaseSet[] => {
  const random = mulberry32(seed);
  return Array.from({ length: rounds }, () => anySet(random));
};

/** What every form keeps of a case, with the checks of the set. */
const asked = ({ prompt, checks, cases }: Pick<CaseSet, 'prompt' | 'checks' | 'cases'>): unknown =>
  cases.map(({ variables, turns, checks: own, reference, category }: LabCase) => ({
    variables,
    turns: turns ?? prompt,
    checks: [...checks, ...own].map((check) => JSON.stringify(sorted(check))).sort(),
    reference,
    category,
  }));
const sorted = (check: Check): unknown =>
  Object.fromEntries(Object.entries(check).sort(([a], [b]) => (a < b ? -1 : 1)));

describe('a set that is exported and imported', { timeout: patience }, () => {
  it('is the same in our own JSONL, whole', async () => {
    for (const set of sets(1)) {
      const { id, createdAt, updatedAt, ...draft } = set;
      const read = await readSet('set.jsonl', writeOwnJsonl(set));
      expect(read.sets).toEqual([draft]);
      expect(read.notes.filter(({ kind }) => kind !== 'template-syntax')).toEqual([]);
      expect([id, createdAt, updatedAt]).toHaveLength(3);
    }
  });

  it('asks and checks the same in CSV', async () => {
    for (const set of sets(2)) {
      const text = await writeCsv(set);
      const read = await readSet('set.csv', text);
      expect(asked(read.sets[0]), text).toEqual(asked(set));
      expect(await caseHash(read.sets[0])).toBe(await caseHash(set));
    }
  });

  it('asks and checks the same in CSV that went through UTF-16 or a byte order mark', async () => {
    const [set] = sets(3);
    if (!set) throw new Error('no set');
    const text = await writeCsv(set);
    const utf16 = new Uint8Array(2 * text.length + 2);
    utf16.set([0xff, 0xfe]);
    for (let index = 0; index < text.length; index += 1) {
      utf16[2 * index + 2] = text.charCodeAt(index) & 255;
      utf16[2 * index + 3] = text.charCodeAt(index) >> 8;
    }
    const utf8 = new TextEncoder().encode(`\ufeff${text}`);
    for (const bytes of [utf16, utf8]) {
      const read = await readSet('set.csv', bytes);
      expect(await caseHash(read.sets[0])).toBe(await caseHash(set));
    }
  });

  it('asks and checks the same in promptfoo’s YAML', async () => {
    for (const set of sets(4).slice(0, rounds / 2)) {
      const { text } = await writePromptfoo(set);
      const read = await readSet('set.yaml', text);
      expect(read.sets).toHaveLength(1);
      expect(asked(read.sets[0]), text).toEqual(asked(set));
    }
  });

  it('has no cell that a spreadsheet would run', async () => {
    for (const set of sets(5)) {
      const text = await writeCsv(set);
      expect(text).toMatch(/^"/);
      expect(text).not.toMatch(/(?:^|",|\n)"[=+\-@\t\r\n]/);
    }
  });
});

describe('promptfoo’s configuration', () => {
  it('has what promptfoo knows as assertions, and the rest where it does not look', async () => {
    const checks: readonly Check[] = [
      { kind: 'contains', value: '{{a}}', not: true },
      { kind: 'length', unit: 'words', most: 9 },
      { kind: 'number', value: 4 },
    ];
    const { text, unknownThere } = await writePromptfoo({
      name: 'Sums',
      prompt: [{ role: 'user', content: 'What is {{q}}?' }],
      checks: [{ kind: 'refusal', not: true }],
      cases: [{ id: '1', variables: { q: '2024-01-01' }, checks, category: 'yes' }],
      settings: { temperature: 0, seed: 1, maxTokens: 1, samples: 1, limitSeconds: 1 },
    });
    expect(unknownThere).toEqual(['number']);
    expect(text).toBe(`description: Sums
prompts:
  - What is {{q}}?
defaultTest:
  assert:
    - type: not-is-refusal
tests:
  - vars:
      q: "2024-01-01"
    assert:
      - type: not-contains
        value: "{% raw %}{{a}}{% endraw %}"
      - type: word-count
        value:
          max: 9
    metadata:
      category: "yes"
      sottoChecks:
        - number:4
`);
  });
});

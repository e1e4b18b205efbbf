import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { readSet } from '../../../workers/set-files/read-set';
import { writeResultsCsv } from '../../../workers/set-files/write-results';
import { caseHash } from '../../../src/lab/set/set-hash';
import { usualAnswerSettings, type CaseSet } from '../../../src/shared/domain/lab/case-set';
import type { LabAnswer, LabRun } from '../../../src/shared/domain/lab/run';

const set: CaseSet = {
  id: 's',
  name: 'Sums',
  prompt: [{ role: 'user', content: '{{q}}' }],
  checks: [],
  cases: [
    { id: 'c1', variables: { q: '=1+1' }, checks: [{ kind: 'number', value: 2 }] },
    { id: 'c2', variables: { q: '2+2' }, checks: [] },
  ],
  settings: usualAnswerSettings,
  createdAt: 1,
  updatedAt: 1,
};

const run: LabRun = {
  id: 'r',
  setId: 's',
  setName: 'Sums',
  setHash: 'x',
  settings: { ...usualAnswerSettings, samples: 2 },
  contenders: [
    { id: 'a', modelId: 'guide', name: 'Guide' },
    { id: 'b', modelId: 'guide', name: 'Guide' },
    { id: 'c', modelId: 'q', name: 'Qwen', thinking: 'on' },
  ],
  facts: [],
  lost: [],
  judge: null,
  state: 'stopped',
  caseCount: 2,
  startedAt: 1,
  updatedAt: 1,
  app: { version: '0', commit: '' },
};

const answer = (contenderId: string, caseId: string, sample: number, more: Partial<LabAnswer> = {}): LabAnswer => ({
  id: `r:${contenderId}:${caseId}:${sample}`,
  runId: 'r',
  contenderId,
  caseId,
  sample,
  text: 'two',
  thought: '',
  finishReason: 'stop',
  promptTokens: 3,
  completionTokens: 5,
  thoughtTokens: 0,
  firstTokenMs: 12.4,
  decodeMs: 80,
  totalMs: 99.6,
  findings: [],
  outcome: 'pass',
  answeredAt: 1,
  ...more,
});

const answers = [
  answer('a', 'c1', 0, { text: '=HYPERLINK("http://x")', outcome: 'fail', personal: 'pass' }),
  answer('a', 'c1', 1, { text: '@x', outcome: 'fail' }),
  answer('c', 'c2', 1, { text: '', outcome: 'fail', trouble: { kind: 'too-long', detail: '' } }),
];

describe('results as CSV', () => {
  it('have a row for each case and columns for each contender and sample', async () => {
    const { data } = Papa.parse<string[]>((await writeResultsCsv(set, { run, answers })).trimEnd());
    const [headers = [], ...rows] = data;
    expect(rows).toHaveLength(2);
    expect(headers.slice(0, 3)).toEqual(['q', '__expected', '__prompt']);
    const cell = (row: number, title: string): string | undefined => {
      expect(
        headers.filter((header) => header === title),
        title,
      ).toHaveLength(1);
      return rows[row]?.[headers.indexOf(title)];
    };
    expect(headers).toHaveLength(3 + 3 * 2 * 6);
    expect(cell(0, 'Guide, sample 1: outcome')).toBe('pass');
    expect(cell(0, 'Guide, sample 2: outcome')).toBe('fail');
    expect(cell(0, 'Guide, sample 1: first token (ms)')).toBe('12');
    expect(cell(0, 'Guide, sample 1: total (ms)')).toBe('100');
    expect(cell(0, 'Guide #2, sample 1: outcome')).toBe('');
    expect(cell(1, 'Qwen (thinking on), sample 2: trouble')).toBe('too-long');
  });

  it('have no cell that a spreadsheet would run, whatever a model answers', async () => {
    const { data } = Papa.parse<string[]>(await writeResultsCsv(set, { run, answers }));
    expect(data.flat().filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
    expect(data.flat()).toContain('\'=HYPERLINK("http://x")');
  });
});

describe('results that are taken for a set', () => {
  it('keep the set’s questions and checks, with the answers as further variables', async () => {
    const { sets } = await readSet('results.csv', await writeResultsCsv(set, { run, answers: [] }));
    const questions = sets[0].cases.map(({ variables: { q = '' }, ...rest }) => ({ ...rest, variables: { q } }));
    expect(await caseHash({ ...sets[0], cases: questions })).toBe(await caseHash(set));
  });
});

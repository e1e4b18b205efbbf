import { describe, expect, it } from 'vitest';
import { labRecordFrom, type LabRecord } from '../../../src/shared/domain/lab/lab-records';
import type { Fields } from '../../../src/shared/domain/fields';
import { wholeRun } from '../../fixtures/lab/whole-run';

const { set, run, answers, choices } = wholeRun();
const [answer] = answers;
const [choice] = choices;
const records: Readonly<Record<LabRecord['type'], Fields>> = {
  'lab-set': { type: 'lab-set', set },
  'lab-run': { type: 'lab-run', run, set },
  'lab-answer': { type: 'lab-answer', answer },
  'lab-choice': { type: 'lab-choice', choice },
};
const types = Object.keys(records) as LabRecord['type'][];
/** As it comes out of a file. */
const plain = (value: unknown): Fields => JSON.parse(JSON.stringify(value)) as Fields;

/** A copy of the record with one field of what is in it changed. */
const changed = (type: LabRecord['type'], name: string, field: string, value: unknown): Fields => {
  const record = plain(records[type]);
  return { ...record, [name]: { ...(record[name] as Fields), [field]: value } };
};

describe('a record of the Lab in a file', () => {
  it.each(types)('of type %s is read as it was written', (type) => {
    expect(labRecordFrom(type, plain(records[type]))).toEqual(records[type]);
  });

  it('with a check that this version does not know is refused whole: a set with one check less would be easier', () => {
    const checks = [{ kind: 'contains', value: 'x' }];
    expect(labRecordFrom('lab-set', changed('lab-set', 'set', 'checks', checks))).not.toBeNull();
    const strange = [...checks, { kind: 'smells-good' }];
    expect(labRecordFrom('lab-set', changed('lab-set', 'set', 'checks', strange))).toBeNull();
  });

  it.each([
    ['lab-set', 'set', 'id', '../x y'],
    ['lab-set', 'set', 'cases', [{ id: 'a', variables: { x: 1 }, checks: [] }]],
    ['lab-set', 'set', 'prompt', 'text'],
    ['lab-run', 'run', 'state', 'flying'],
    ['lab-run', 'run', 'contenders', []],
    ['lab-run', 'run', 'lost', [{ contenderId: 'c1', kind: 'no-such-failure', technical: '' }]],
    ['lab-answer', 'answer', 'totalMs', 'soon'],
    ['lab-answer', 'answer', 'outcome', 'great'],
    ['lab-answer', 'answer', 'text', 'x'.repeat(200_001)],
    ['lab-choice', 'choice', 'choice', 'me'],
  ] as const)('of type %s is refused where %s has another %s than can be', (type, name, field, value) => {
    expect(labRecordFrom(type, changed(type, name, field, value))).toBeNull();
  });

  it('brings no names that every object has', () => {
    const hostile = JSON.parse(
      JSON.stringify(records['lab-set']).replace('"question":', '"__proto__":"x","question":'),
    ) as Fields;
    const record = labRecordFrom('lab-set', hostile);
    expect(record?.type === 'lab-set' && Object.getPrototypeOf(record.set.cases[0]?.variables)).toBe(Object.prototype);
    expect(({} as Fields)['x']).toBeUndefined();
  });

  it('keeps the outcome of a reason that only a later version knows', () => {
    const findings = [{ outcome: 'fail', reason: 'too-purple' }];
    const record = labRecordFrom('lab-answer', changed('lab-answer', 'answer', 'findings', findings));
    expect(record?.type === 'lab-answer' && record.answer.findings).toEqual([{ outcome: 'fail', reason: 'different' }]);
  });
});

/** Tests as promptfoo's configuration and its JSONL have them: variables, assertions, metadata. */
import type { PromptTurn } from '../../src/shared/domain/lab/case-set';
import type { Check } from '../../src/shared/domain/lab/check';
import { isFields, type Fields } from '../../src/shared/domain/fields';
import { hasTemplate, type Variables } from '../../src/shared/domain/lab/template';
import { notedCheck, variableValue } from './case-parts';
import { checkFromNotation, checkFromParts } from './read-check';
import { mostCases } from '../../src/shared/domain/lab/case-set';
import { labFailure, type CaseDraft } from './set-draft';
import type { SetPlace } from '../../src/shared/domain/lab/set-note';
import type { SetNotes } from './set-notes';

type TestPlace = Extract<SetPlace, { in: 'test' | 'default-test' }>;

export const isTest = (fields: Fields): boolean => 'vars' in fields || 'assert' in fields;

/** What a configuration says of every test. */
export interface TestSurroundings {
  readonly defaults: Fields;
  /** Checks of `defaults` that go for each test alike, so that the set has them. */
  readonly shared: boolean;
  /** The prompts that tests can name. */
  readonly prompts: ReadonlyMap<string, readonly PromptTurn[]>;
}

export const alone: TestSurroundings = { defaults: {}, shared: false, prompts: new Map() };

const fieldsIn = (value: unknown): Fields => (isFields(value) ? value : {});
const listIn = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

/** In the metadata of a test: checks that promptfoo does not have. */
export const ownChecksField = 'sottoChecks';

const readTestFields = new Set(['vars', 'assert', 'metadata', 'options', 'threshold', 'prompts']);
const readOptions = new Set([
  'prefix',
  'suffix',
  'transform',
  'postprocess',
  'disableVarExpansion',
  'disableDefaultAsserts',
]);
const readAssertFields = new Set(['type', 'value', 'threshold', 'transform', 'assert']);
const thresholdTypes = /^(?:not-)?(?:levenshtein|similar(?::cosine)?|latency)$/;

/** One case, or one for each combination of values that are lists; none where the test cannot be asked. */
export function readTest(
  test: Fields,
  place: TestPlace,
  around: TestSurroundings,
  notes: SetNotes,
): readonly CaseDraft[] {
  const { defaults } = around;
  noteIgnored(test, place, notes);
  const options = { ...fieldsIn(defaults['options']), ...fieldsIn(test['options']) };
  const turns = ownTurns(test, around);
  if (turns === null) {
    notes.add('prompt-unreadable', place, listIn(test['prompts']).join(', '));
    return [];
  }
  // promptfoo can change the answer before it looks at it; a check of another text would be another check.
  const changes = options['transform'] !== undefined || options['postprocess'] !== undefined;
  if (changes) notes.add('check-transformed', place);
  const metadata = { ...fieldsIn(defaults['metadata']), ...fieldsIn(test['metadata']) };
  const asserts = changes ? [] : listIn(test['assert']);
  const before =
    changes || around.shared || options['disableDefaultAsserts'] === true ? [] : listIn(defaults['assert']);
  const combinations = variablesOf(test, around, place, options['disableVarExpansion'] === true, notes);
  return combinations.map((variables) => ({
    variables,
    ...(turns !== undefined && { turns }),
    checks: [
      ...readAsserts(before, { in: 'default-test' }, variables, notes),
      ...readAsserts(asserts, place, variables, notes),
      ...(changes ? [] : ownChecks(metadata[ownChecksField], variables, place, notes)),
    ],
    ...textField('category', metadata),
    ...textField('reference', metadata),
  }));
}

function textField(name: 'category' | 'reference', metadata: Fields): { [name]?: string } {
  const value = metadata[name];
  return typeof value === 'string' && value !== '' ? { [name]: value } : {};
}

/** Notes of what a test, or the defaults, say and is not done. */
export function noteIgnored(test: Fields, place: TestPlace, notes: SetNotes): void {
  for (const name of Object.keys(test)) if (!readTestFields.has(name)) notes.add('field-ignored', place, name);
  if (test['threshold'] !== undefined) notes.add('threshold-ignored', place);
  for (const [name, value] of Object.entries(fieldsIn(test['options']))) {
    if (name === 'prefix' || name === 'suffix') notes.add('affix-ignored', place, `${name}: ${String(value)}`);
    else if (!readOptions.has(name)) notes.add('field-ignored', place, `options.${name}`);
  }
  for (const [name, value] of Object.entries(fieldsIn(test['metadata']))) {
    const isOwn = name === ownChecksField ? Array.isArray(value) : typeof value === 'string';
    if (!isOwn || !['category', 'reference', ownChecksField].includes(name)) notes.add('metadata-ignored', place, name);
  }
}

/** Undefined where the test is asked by every prompt, null where it names several, or one that is not there. */
function ownTurns(test: Fields, { prompts }: TestSurroundings): readonly PromptTurn[] | undefined | null {
  if (test['prompts'] === undefined) return undefined;
  const [label, ...others] = listIn(test['prompts']);
  if (typeof label !== 'string' || others.length > 0) return null;
  return prompts.get(label) ?? null;
}

/** The values of each combination. */
function variablesOf(
  test: Fields,
  { defaults }: TestSurroundings,
  place: TestPlace,
  keepsLists: boolean,
  notes: SetNotes,
): readonly Variables[] {
  const given = { ...Object.fromEntries(varsOf(defaults, notes)), ...Object.fromEntries(varsOf(test, notes, place)) };
  let combinations: readonly (readonly [string, string])[][] = [[]];
  for (const [name, value] of Object.entries(given)) {
    const isChoice = Array.isArray(value) && typeof value[0] === 'string' && !keepsLists;
    const values = (isChoice ? (value as unknown[]) : [value]).flatMap((each) => valueText(each, place, notes) ?? []);
    if (values.length * combinations.length > mostCases)
      throw labFailure('lab-set-too-large', '', `combinations of ${name}`);
    if (values.length > 0)
      combinations = combinations.flatMap((pairs) => values.map((text) => [...pairs, [name, text] as const]));
  }
  if (combinations.length > 1) notes.add('combinations', place, String(combinations.length));
  return combinations.map((pairs) => Object.fromEntries(pairs));
}

function varsOf(test: Fields, notes: SetNotes, place: TestPlace = { in: 'default-test' }): [string, unknown][] {
  const { vars } = test;
  if (isFields(vars)) return Object.entries(vars);
  // The name of a file, or several.
  if (vars !== undefined && vars !== null) notes.add('file-reference', place, JSON.stringify(vars));
  return [];
}

function valueText(value: unknown, place: SetPlace, notes: SetNotes): string | undefined {
  if (typeof value === 'string') return variableValue(value, place, notes);
  if (value === null || value === undefined) return '';
  if (typeof value !== 'object') return String(value);
  const text = JSON.stringify(value);
  notes.add('variable-structured', place, text);
  return text;
}

/** Whether the assertions are the same for all tests, whatever their variables. */
export const areShared = (asserts: unknown): boolean =>
  listIn(asserts).every((assert) => !hasTemplate(JSON.stringify(assert ?? null)));

export function readAsserts(
  asserts: unknown,
  place: TestPlace,
  variables: Variables,
  notes: SetNotes,
): readonly Check[] {
  return listIn(asserts).flatMap((assert, index) =>
    isFields(assert)
      ? readAssert(assert, { ...place, check: index + 1 }, variables, notes)
      : (notes.add('check-unreadable', place, JSON.stringify(assert)), []),
  );
}

function readAssert(assert: Fields, place: TestPlace, variables: Variables, notes: SetNotes): readonly Check[] {
  const { type, value, threshold, weight } = assert;
  if (typeof type !== 'string') {
    notes.add('check-unreadable', place, JSON.stringify(assert));
    return [];
  }
  if (weight === 0 || (type === 'assert-set' && threshold !== undefined && threshold !== 1)) {
    notes.add('check-group', place, type);
    return [];
  }
  if (assert['transform'] !== undefined) {
    notes.add('check-transformed', place, type);
    return [];
  }
  for (const name of Object.keys(assert))
    if (!readAssertFields.has(name)) notes.add('field-ignored', place, `assert.${name}`);
  // All of a group must pass, as all of a case must.
  if (type === 'assert-set') return readAsserts(assert['assert'], place, variables, notes);
  if (typeof value === 'string' && /^(?:file|package):/.test(value)) {
    notes.add('file-reference', place, value);
    return [];
  }
  const number = typeof threshold === 'number' && Number.isFinite(threshold) ? threshold : undefined;
  if (threshold !== undefined && !thresholdTypes.test(type)) notes.add('threshold-ignored', place);
  const not = type.startsWith('not-');
  const plain = not ? type.slice('not-'.length) : type;
  const read = checkFromParts({ type: plain, value, threshold: number }, not, variables);
  return notedCheck(read, toldAs(type, value), place, notes);
}

const toldAs = (type: string, value: unknown): string =>
  value === undefined ? type : `${type}: ${typeof value === 'string' ? value : JSON.stringify(value)}`;

/** Checks that promptfoo does not have; our own export keeps them where it does not look. */
function ownChecks(given: unknown, variables: Variables, place: TestPlace, notes: SetNotes): readonly Check[] {
  return listIn(Array.isArray(given) ? given : undefined).flatMap((text) =>
    typeof text === 'string'
      ? notedCheck(checkFromNotation(text, variables), text, place, notes)
      : (notes.add('check-unreadable', place, JSON.stringify(text)), []),
  );
}

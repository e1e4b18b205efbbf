/** promptfoo's configuration, from YAML or JSON, as far as it names no file or program. */
import type { PromptTurn } from '../../src/shared/domain/lab/case-set';
import type { Check } from '../../src/shared/domain/lab/check';
import { isFields, type Fields } from '../../src/shared/domain/fields';
import { turnsFromMessages, turnsFromText } from './prompt-turns';
import { areShared, noteIgnored, readAsserts, readTest, type TestSurroundings } from './read-test';
import { expectFewCases, type CaseDraft, type PromptDraft } from './set-draft';
import type { SetNotes } from './set-notes';

export interface ReadConfig {
  /** One for each set that the person can choose. Null where the configuration says nothing of prompts. */
  readonly prompts: readonly PromptDraft[] | null;
  readonly checks: readonly Check[];
  readonly cases: readonly CaseDraft[];
  readonly about?: string;
}

export const isConfig = (fields: Fields): boolean =>
  ['prompts', 'tests', 'scenarios', 'defaultTest'].some((name) => name in fields) && !('format' in fields);

const readFields = new Set(['prompts', 'tests', 'defaultTest', 'description', 'scenarios', '$schema']);

/** A path or an address instead of the text itself; promptfoo tells them apart by their look, too. */
const referencePattern =
  /^(?:(?:file|exec|https?|az|huggingface|langfuse|portkey|helicone|package):\S*|\S+\.(?:txt|md|j2|jsonl?|ya?ml|csv|xlsx?|[cm]?[jt]s|py|rb|sh)(?::\w+)?|\S*\*\S*)$/;
const isReference = (text: string): boolean => text.length < 500 && referencePattern.test(text.trim());

export function readConfig(config: Fields, notes: SetNotes): ReadConfig {
  for (const name of Object.keys(config)) if (!readFields.has(name)) notes.add('field-ignored', { in: 'file' }, name);
  if (config['scenarios'] !== undefined) notes.add('scenarios-ignored', { in: 'file' });
  const prompts = config['prompts'] === undefined ? null : readPrompts(config['prompts'], notes);
  const defaults = defaultsOf(config['defaultTest'], notes);
  const tests = testsOf(config['tests'], notes);
  const named = new Map((prompts ?? []).flatMap(({ label, turns }) => (label === undefined ? [] : [[label, turns]])));
  const changes = ['transform', 'postprocess'].some((name) => name in fieldsIn(defaults['options']));
  const shared =
    !changes &&
    areShared(defaults['assert']) &&
    !tests.some(({ test }) => {
      const options = fieldsIn(test['options']);
      return options['disableDefaultAsserts'] === true || 'transform' in options || 'postprocess' in options;
    });
  const around: TestSurroundings = { defaults, shared, prompts: named };
  const cases: CaseDraft[] = [];
  for (const { test, at } of tests) {
    cases.push(...readTest(test, { in: 'test', test: at }, around, notes));
    expectFewCases(cases.length);
  }
  return {
    prompts: prompts && offered(prompts, cases, notes),
    checks: shared ? readAsserts(defaults['assert'], { in: 'default-test' }, {}, notes) : [],
    cases,
    ...(typeof config['description'] === 'string' && { about: config['description'] }),
  };
}

const fieldsIn = (value: unknown): Fields => (isFields(value) ? value : {});

function defaultsOf(given: unknown, notes: SetNotes): Fields {
  if (given === undefined || given === null) return {};
  if (!isFields(given)) {
    notes.add('file-reference', { in: 'default-test' }, JSON.stringify(given));
    return {};
  }
  noteIgnored(given, { in: 'default-test' }, notes);
  return given;
}

function testsOf(given: unknown, notes: SetNotes): readonly { readonly test: Fields; readonly at: number }[] {
  if (given === undefined || given === null) return [];
  return (Array.isArray(given) ? given : [given]).flatMap((test: unknown, index) => {
    const place = { in: 'test', test: index + 1 } as const;
    if (typeof test === 'string') notes.add('file-reference', place, test);
    else if (!isFields(test)) notes.add('entry-unreadable', place);
    else if (typeof test['path'] === 'string') notes.add('file-reference', place, test['path']);
    else return [{ test, at: index + 1 }];
    return [];
  });
}

/** If each test names its own prompt, there is nothing to choose; else each prompt makes a set. */
function offered(
  prompts: readonly PromptDraft[],
  cases: readonly CaseDraft[],
  notes: SetNotes,
): readonly PromptDraft[] {
  if (cases.length > 0 && cases.every(({ turns }) => turns !== undefined)) return [{ turns: [] }];
  if (prompts.length > 1) notes.add('several-prompts', { in: 'file' }, String(prompts.length));
  return prompts;
}

function readPrompts(given: unknown, notes: SetNotes): readonly PromptDraft[] {
  if (isFields(given)) {
    // The old form: names of files, each with a label.
    for (const [index, file] of Object.keys(given).entries())
      notes.add('file-reference', { in: 'prompt', prompt: index + 1 }, file);
    return [];
  }
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  return list.flatMap((prompt, index) => readPrompt(prompt, index + 1, notes) ?? []);
}

function readPrompt(prompt: unknown, at: number, notes: SetNotes): PromptDraft | null {
  const place = { in: 'prompt', prompt: at } as const;
  const fields = fieldsIn(prompt);
  const raw = isFields(prompt) ? (fields['raw'] ?? fields['id']) : prompt;
  const label = typeof fields['label'] === 'string' ? fields['label'] : undefined;
  if (typeof raw === 'string' && isReference(raw)) {
    notes.add('file-reference', place, raw);
    return null;
  }
  const turns = typeof raw === 'string' && raw.trim() !== '' ? turnsFromText(raw) : turnsFromMessages(raw);
  if (turns === null) {
    notes.add('prompt-unreadable', place, typeof raw === 'string' ? raw : JSON.stringify(prompt));
    return null;
  }
  for (const name of Object.keys(fields))
    if (!['raw', 'id', 'label'].includes(name)) notes.add('field-ignored', place, `prompts.${name}`);
  return { ...(label !== undefined && { label }), turns: turns satisfies readonly PromptTurn[] };
}

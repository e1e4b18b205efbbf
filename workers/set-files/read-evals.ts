/** Samples of OpenAI evals: `input` is a text or messages, `ideal` what the answer is compared with. */
import type { PromptTurn } from '../../src/shared/domain/lab/case-set';
import type { Check } from '../../src/shared/domain/lab/check';
import type { Fields } from '../../src/shared/domain/fields';
import { hasTemplate } from '../../src/shared/domain/lab/template';
import { turnsFromMessages } from './prompt-turns';
import type { CaseDraft } from './set-draft';
import type { SetPlace } from '../../src/shared/domain/lab/set-note';
import type { SetNotes } from './set-notes';

export const isEvalsSample = (fields: Fields): boolean => 'input' in fields && 'ideal' in fields;

const known = new Set(['input', 'ideal']);

/** Null where there is nothing to ask. */
export function readEvalsSample(fields: Fields, place: SetPlace, notes: SetNotes): CaseDraft | null {
  const { input } = fields;
  const turns = typeof input === 'string' ? [{ role: 'user', content: input } as const] : turnsFromMessages(input);
  if (turns === null) {
    notes.add('prompt-unreadable', place, JSON.stringify(input));
    return null;
  }
  for (const name of Object.keys(fields)) if (!known.has(name)) notes.add('field-ignored', place, name);
  const ideals = idealsOf(fields['ideal']);
  const [reference] = ideals;
  return {
    ...withoutTemplates(turns),
    checks: checksOf(ideals, place, notes),
    ...(reference !== undefined && { reference }),
  };
}

/** Braces in a sample are text, so such a text becomes the value of a variable, which is never looked into. */
function withoutTemplates(turns: readonly PromptTurn[]): Pick<CaseDraft, 'turns' | 'variables'> {
  const variables: Record<string, string> = {};
  const safe = turns.map(({ role, content }, index) => {
    if (!hasTemplate(content)) return { role, content };
    const name = `message${index + 1}`;
    variables[name] = content;
    return { role, content: `{{${name}}}` };
  });
  return { turns: safe, variables };
}

const idealsOf = (ideal: unknown): readonly string[] =>
  (Array.isArray(ideal) ? ideal : [ideal]).filter((text): text is string => typeof text === 'string' && text !== '');

/** The file does not say which class of evals compares, so one answer is taken as Match has it and several as Includes. */
function checksOf(ideals: readonly string[], place: SetPlace, notes: SetNotes): readonly Check[] {
  const [first] = ideals;
  if (first === undefined) {
    notes.add('check-unreadable', place, 'ideal');
    return [];
  }
  notes.add(ideals.length === 1 ? 'evals-match' : 'evals-includes', place);
  return ideals.length === 1 ? [{ kind: 'starts-with', value: first }] : [{ kind: 'contains-any', values: ideals }];
}

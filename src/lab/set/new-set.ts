import { usualAnswerSettings, type CaseSet, type LabCase } from '../../shared/domain/lab/case-set';

/** A set without a case, that asks what stands in the variable `question`. */
export function emptySet(name: string): CaseSet {
  const now = Date.now();
  return {
    id: crypto.randomUUID(),
    name,
    prompt: [{ role: 'user', content: '{{question}}' }],
    checks: [],
    cases: [],
    settings: usualAnswerSettings,
    createdAt: now,
    updatedAt: now,
  };
}

export const newCase = (variables: Readonly<Record<string, string>>): LabCase => ({
  // Stays in the clear when the chats are locked, so it says nothing.
  id: crypto.randomUUID(),
  variables,
  checks: [],
});

/** A case for each line that has words. */
export function casesFromLines(text: string, variable: string): readonly LabCase[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => newCase({ [variable]: line }));
}

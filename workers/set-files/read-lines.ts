/** Pasted lines, each a question. */
import type { ReadRows } from './read-rows';
import { linesOf } from './set-draft';

/**
 * One question a line; blank lines are none.
 * @throws FailureError `lab-set-too-large`
 */
export function readLines(text: string, name: string): ReadRows {
  const lines = linesOf(text, name).map((line) => line.trim());
  const cases = lines.filter((line) => line !== '').map((question) => ({ variables: { question }, checks: [] }));
  return { cases, prompt: [{ role: 'user', content: '{{question}}' }], variables: ['question'] };
}

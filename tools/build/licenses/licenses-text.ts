/** What `licenses.txt` says: a list of everything, then each text once, with the names of all it holds for. */
import type { Part } from './judge-licenses.ts';

/** Two copies of one license differ in spaces, in the end of lines, and in how they are cut into lines. */
const essence = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Without empty lines around it; what is indented stays so. */
const tidy = (text: string): string =>
  text
    .replaceAll('\r\n', '\n')
    .replace(/^(\s*\n)+/, '')
    .trimEnd();

const rule = '='.repeat(80);
const byName = (a: Part, b: Part): number => a.name.replace(/^@/, '').localeCompare(b.name.replace(/^@/, ''), 'en');
const titleOf = ({ name, version }: Part): string => `${name} ${version}`.trim();

/**
 * @param app the app itself, with the text of its own license
 * @param parts all others
 */
export function licensesText(app: Part, parts: readonly Part[]): string {
  const sorted = [...parts].sort(byName);
  const texts = new Map<string, { readonly text: string; readonly of: Part[] }>();
  for (const part of sorted) {
    for (const text of part.texts) {
      const known = texts.get(essence(text)) ?? { text: tidy(text), of: [] };
      known.of.push(part);
      texts.set(essence(text), known);
    }
  }
  return [
    `${titleOf(app)}: licenses`,
    '',
    `Sotto, with the Guide and its weights, is its authors' own work; the Guide was trained on no text from elsewhere. Models that you`,
    `download aren't part of it: the license of each is on its card.`,
    '',
    ...app.texts.map(tidy),
    '',
    rule,
    'Sotto includes the work of others:',
    '',
    ...sorted.map((part) => `- ${titleOf(part)} (${part.license ?? ''}), ${part.address}`),
    ...[...texts.values()].flatMap(({ text, of }) => ['', rule, of.map(titleOf).join(', '), '', text]),
    '',
  ].join('\n');
}

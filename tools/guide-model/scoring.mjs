// Tells whether an answer of the Guide is right, and counts right answers in groups.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));

/** {topic: {language: patterns}} of a file like key-facts.json. */
export const readFacts = (file = path.join(here, 'key-facts.json')) => JSON.parse(readFileSync(file, 'utf8'));

export const readLines = (file) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line));

const withoutThinking = (text) => text.split('</think>').at(-1);

const carries = (facts, answer) => facts.every((fact) => new RegExp(fact, 'i').test(answer));

/** @param question `kind`, `lang`, and `topic` or `expect` */
export function isRight(facts, { kind, lang, topic, expect }, text) {
  const answer = withoutThinking(text);
  if (kind === 'sum') return answer.includes(`**${expect}**`);
  return carries(facts[kind === 'out-of-scope' ? kind : topic][lang], answer);
}

/** The topics whose facts an answer carries, in either language; 'rubbish' where there is none. */
export function topicOf(facts, text) {
  const answer = withoutThinking(text);
  if (/^\d+ \+ \d+ = \*\*\d+\*\*$/.test(answer.trim())) return 'sum';
  const found = Object.keys(facts).filter((topic) =>
    Object.values(facts[topic]).some((patterns) => carries(patterns, answer)),
  );
  return found.join('|') || 'rubbish';
}

export class Tally {
  #groups = new Map();

  count(group, right) {
    const [good, all] = this.#groups.get(group) ?? [0, 0];
    this.#groups.set(group, [good + Number(right), all + 1]);
  }

  print() {
    const inOrder = new Intl.Collator('en', { numeric: true });
    for (const [group, [good, all]] of [...this.#groups].sort(([a], [b]) => inOrder.compare(a, b)))
      console.log(`${group}: ${good} of ${all} (${((100 * good) / all).toFixed(1)} %)`);
  }
}

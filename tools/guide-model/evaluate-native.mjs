// Runs the questions of a JSONL file through guide.gguf in native llama.cpp (greedy) and scores the answers by key facts.
// node evaluate-native.mjs --questions ../../tests/fixtures/guide-test-set.jsonl --native /tmp/native [--answers out.jsonl] [--verbose]
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { Answerer, readArguments } from './native-llama.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const options = readArguments(process.argv.slice(2));
const keyFacts = JSON.parse(readFileSync(path.join(here, 'key-facts.json'), 'utf8'));
const lines = readFileSync(options.questions ?? path.join(here, '../../tests/fixtures/guide-test-set.jsonl'), 'utf8');
const questions = lines
  .split('\n')
  .filter((line) => line.trim())
  .map((line) => JSON.parse(line));
// Ids of questions that also occur in training word for word (check_overlap.py).
const seen = options.seen ? new Set(JSON.parse(readFileSync(options.seen, 'utf8'))) : undefined;
const answerer = await Answerer.open(
  options.model ?? path.join(here, '../../public/models/guide.gguf'),
  options.native,
);

function isRight(question, text) {
  const answer = text.split('</think>').at(-1);
  if (question.kind === 'sum') return answer.includes(`**${question.expect}**`);
  const facts = keyFacts[question.kind === 'out-of-scope' ? 'out-of-scope' : question.topic][question.lang];
  return facts.every((fact) => new RegExp(fact, 'i').test(answer));
}

const tally = new Map();
function count(group, right) {
  const [good, all] = tally.get(group) ?? [0, 0];
  tally.set(group, [good + Number(right), all + 1]);
}

const results = [];
for (const question of questions) {
  const messages = [];
  for (const turn of question.turns) {
    messages.push({ role: 'user', content: turn });
    messages.push({ role: 'assistant', content: await answerer.answer(messages) });
  }
  const answer = messages.at(-1).content;
  const right = isRight(question, answer);
  results.push({ ...question, answer, right });
  count(`${question.kind} ${question.lang}`, right);
  count(`${question.kind} ${question.turns.length > 1 ? 'several turns' : 'one turn'}`, right);
  count(`${question.kind}`, right);
  if (seen && question.kind !== 'sum')
    count(`${question.kind} ${seen.has(question.id) ? 'also in training' : 'not in training'}`, right);
  if (options['by-topic'] && question.kind === 'topic') count(`topic ${question.lang} ${question.topic}`, right);
  if (options.verbose && !right)
    console.log(
      question.lang,
      question.topic ?? question.kind,
      JSON.stringify(question.turns),
      '->',
      JSON.stringify(answer),
    );
}
// Questions written by evaluate.py carry the answer of the checkpoint: do the two agree word for word?
const compared = results.filter((r) => r.torch !== undefined);
if (compared.length > 0)
  console.log(
    `same answer as the checkpoint: ${compared.filter((r) => r.torch === r.answer).length} of ${compared.length}`,
  );
if (options.answers) writeFileSync(options.answers, `${results.map((r) => JSON.stringify(r)).join('\n')}\n`);
for (const [group, [good, all]] of [...tally].sort((a, b) => a[0].localeCompare(b[0]))) {
  console.log(`${group}: ${good} of ${all} (${((100 * good) / all).toFixed(1)} %)`);
}
process.exit(0);

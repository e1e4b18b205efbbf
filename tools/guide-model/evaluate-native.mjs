// Asks guide.gguf in native llama.cpp (greedy) and scores the answers by key facts.
//   node evaluate-native.mjs --native /tmp/native                 the questions of tests/fixtures/guide-test-set.jsonl
//   node evaluate-native.mjs --native /tmp/native --chats         the long chats of tests/fixtures/guide-chats.jsonl, by turn
// Options: --model FILE, --facts FILE, --questions FILE, --chats FILE, --answers OUT, --seen FILE, --by-topic, --confusions (topic ids
// only), --verbose, and --history all: the whole chat goes before a question, and not what the app sends (the turn before it).
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Answerer, readArguments } from './native-llama.mjs';
import { isRight, readFacts, readLines, Tally, topicOf } from './scoring.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const fixture = (name) => path.join(here, '../../tests/fixtures', name);
const options = readArguments(process.argv.slice(2));
const facts = readFacts(options.facts);
const tally = new Tally();
const confusions = new Map();
const answers = [];
const answerer = await Answerer.open(
  options.model ?? path.join(here, '../../public/models/guide.gguf'),
  options.native,
);

/** Asks one after the other, as in one chat; gives all answers. */
async function chat(questions) {
  const messages = [];
  const given = [];
  for (const content of questions) {
    const before = options.history === 'all' ? messages : messages.slice(-2);
    const question = { role: 'user', content };
    const answer = await answerer.answer([...before, question]);
    messages.push(question, { role: 'assistant', content: answer });
    given.push(answer);
  }
  return given;
}

/** Counts one answer in its groups, and notes what it was taken for. */
function count(question, asked, answer, groups) {
  const right = isRight(facts, question, answer);
  for (const group of groups) tally.count(group, right);
  if (options['by-topic'] && question.kind === 'topic') tally.count(`topic ${question.lang} ${question.topic}`, right);
  if (right) return right;
  const pair = `${question.lang} ${question.topic ?? question.kind} -> ${topicOf(facts, answer)}`;
  confusions.set(pair, (confusions.get(pair) ?? 0) + 1);
  if (options.verbose)
    console.log(question.lang, question.topic ?? question.kind, JSON.stringify(asked), '->', JSON.stringify(answer));
  return right;
}

// Ids of questions that also occur in training word for word (check_overlap.py). Sums and follow-ups are not compared.
const seen = options.seen ? new Set(readLines(options.seen)[0]) : undefined;
const seenGroup = (id, { kind, follows }) =>
  seen && kind !== 'sum' && !follows ? [`${kind} ${seen.has(id) ? 'also in training' : 'not in training'}`] : [];

async function askQuestions() {
  for (const question of readLines(options.questions ?? fixture('guide-test-set.jsonl'))) {
    const { id, kind, lang, turns } = question;
    const answer = (await chat(turns)).at(-1);
    const groups = [kind, `${kind} ${lang}`, `${kind} ${turns.length > 1 ? 'several turns' : 'one turn'}`];
    if (turns.length === 1) groups.push(...seenGroup(id, question));
    answers.push({ ...question, answer, right: count(question, turns, answer, groups) });
  }
  // Questions written by evaluate.py carry the answer of the checkpoint: do the two agree word for word?
  const compared = answers.filter(({ torch }) => torch !== undefined);
  const same = compared.filter(({ torch, answer }) => torch === answer);
  if (compared.length > 0) console.log(`same answer as the checkpoint: ${same.length} of ${compared.length}`);
}

async function askChats(file) {
  for (const { id, lang, turns } of readLines(file)) {
    const given = await chat(turns.map(({ question }) => question));
    turns.forEach((turn, index) => {
      const groups = [`${lang} turn ${index + 1}`, `${lang} all turns`, `${lang} ${turn.kind}`];
      if (turn.follows) groups.push(`${lang} follow-ups`);
      groups.push(...seenGroup(`${id} turn ${index + 1}`, turn));
      const asked = turns.slice(Math.max(0, index - 1), index + 1).map(({ question }) => question);
      const right = count({ ...turn, lang }, asked, given[index], groups);
      answers.push({ id: `${id} turn ${index + 1}`, lang, ...turn, answer: given[index], right });
    });
  }
}

if (options.chats) await askChats(options.chats === true ? fixture('guide-chats.jsonl') : options.chats);
else await askQuestions();
if (options.answers) writeFileSync(options.answers, `${answers.map((a) => JSON.stringify(a)).join('\n')}\n`);
tally.print();
if (options.confusions)
  for (const [pair, times] of [...confusions].sort((a, b) => b[1] - a[1])) console.log(`${times} ${pair}`);
process.exit(0);

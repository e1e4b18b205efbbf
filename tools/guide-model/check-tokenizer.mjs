// Compares our tokenizer with llama.cpp's, token by token.
// python3 check_tokenizer.py > /tmp/guide-train/tokens.jsonl && node check-tokenizer.mjs --lines /tmp/guide-train/tokens.jsonl --native /tmp/native
import { readFileSync } from 'node:fs';
import { openModel, readArguments } from './native-llama.mjs';

const options = readArguments(process.argv.slice(2));
const { model } = await openModel(
  options.model ?? new URL('../../public/models/guide.gguf', import.meta.url).pathname,
  options.native,
);
const lines = readFileSync(options.lines, 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line));
let different = 0;
for (const { text, ids } of lines) {
  const theirs = [...model.tokenize(text, true)];
  if (theirs.join() === ids.join()) continue;
  different += 1;
  if (different <= 10) console.log(JSON.stringify(text), ids.join(' '), '| llama.cpp:', theirs.join(' '));
}
console.log(`${lines.length} lines, ${different} different`);
process.exit(different === 0 ? 0 : 1);

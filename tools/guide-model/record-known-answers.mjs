// Records the Guide's greedy answers to 20 fixed questions, as the built app's engine gives them in Chromium. Run it after the
// model has changed, and read the difference: `node tools/guide-model/record-known-answers.mjs`.
// With `--compare answers.jsonl` (written by evaluate-native.mjs --answers) it tells how many of the answers to the test set are
// the same in the browser and in native llama.cpp.
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importTypeScript } from '../import-typescript.mjs';

const [option, answers] = process.argv.slice(2);
const native = answers === undefined ? undefined : resolve(answers);
process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
const module = await importTypeScript('/tools/guide-model/record-known-answers.ts');
await (option === '--compare' && native !== undefined ? module.compare(native) : module.record());
process.exit(0);

// Records the Guide's greedy answers to 20 fixed questions, as the built app's engine gives them in Chromium. Run it after the
// model has changed, and read the difference: `node tools/guide-model/record-known-answers.mjs`.
import { runnerImport } from 'vite';

process.chdir(new URL('../..', import.meta.url).pathname);
const { module } = await runnerImport('/tools/guide-model/record-known-answers.ts');
await module.record();
process.exit(0);

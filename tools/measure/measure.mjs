// `npm run measure`: measures the built app in Chromium against the targets of the design, writes tests/measurements.json and
// prints a table. `npm run measure -- crash conversations` measures only those and keeps the other rows of the file.
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
// Without it, the import below makes this a development process, and what is then built and measured is Svelte's slow build.
process.env.NODE_ENV = 'production';
// Node 20 does not read TypeScript; Vite, which is here anyway, does.
const { module } = await runnerImport('/tools/measure/main.ts');
const allMet = await module.main(process.argv.slice(2));
process.exit(allMet ? 0 : 1);

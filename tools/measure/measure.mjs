// `npm run measure`: measures the built app in Chromium against the targets of the design, writes tests/measurements.json and
// prints a table. `npm run measure -- crash conversations` measures only those and keeps the other rows of the file.
import { fileURLToPath } from 'node:url';
import { importTypeScript } from '../import-typescript.mjs';

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
const module = await importTypeScript('/tools/measure/main.ts');
const allMet = await module.main(process.argv.slice(2));
process.exit(allMet ? 0 : 1);

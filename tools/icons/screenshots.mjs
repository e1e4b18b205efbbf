// `node tools/icons/screenshots.mjs`: takes the manifest's screenshots again, after the look has changed.
import { fileURLToPath } from 'node:url';
import { importTypeScript } from '../import-typescript.mjs';

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
const module = await importTypeScript('/tools/icons/screenshots.ts');
await module.main();
process.exit(0);

// `node tools/icons/draw.mjs`: draws the PNG icons and splash screens again, after public/icons/sotto.svg has changed.
import { fileURLToPath } from 'node:url';
import { importTypeScript } from '../import-typescript.mjs';

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
const module = await importTypeScript('/tools/icons/draw.ts');
await module.main();
process.exit(0);

// `npm run screenshots`: builds the app, and takes a picture of every screen in two widths, two themes and two languages into
// `screenshots/`. `npm run screenshots -- --built chat settings` takes the build that is there, and only those scenes.
import { fileURLToPath } from 'node:url';
import { importTypeScript } from '../import-typescript.mjs';

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
const module = await importTypeScript('/tools/screenshots/main.ts');
process.exit((await module.main(process.argv.slice(2))) ? 0 : 1);

// `npm run screenshots`: builds the app, and takes a picture of every screen in two widths, two themes and two languages into
// `screenshots/`. `npm run screenshots -- --built chat settings` takes the build that is there, and only those scenes.
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));
// Without it, the import below makes this a development process, and what is built is Svelte's slow build.
process.env.NODE_ENV = 'production';
const { module } = await runnerImport('/tools/screenshots/main.ts');
process.exit((await module.main(process.argv.slice(2))) ? 0 : 1);

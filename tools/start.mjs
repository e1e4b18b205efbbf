// `npm start`: installs what is missing, builds, serves with the app's headers, prints the URL. Needs only Node.
import { fileURLToPath } from 'node:url';
import { installDependencies } from './install-dependencies.mjs';

process.chdir(fileURLToPath(new URL('../', import.meta.url)));
installDependencies();

const { build, preview } = await import('vite');
await build({ logLevel: 'warn' });
const server = await preview();
server.printUrls();

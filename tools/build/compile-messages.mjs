// Compiles src/text/messages/*.json to src/text/paraglide. Run by the build and by the checks; does nothing when all is fresh.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from '@inlang/paraglide-js';

const root = fileURLToPath(new URL('../../', import.meta.url));
process.chdir(root);
const messages = 'src/text/messages';
const compiled = 'src/text/paraglide/messages.js';
const newestSource = Math.max(...readdirSync(messages).map((name) => statSync(join(messages, name)).mtimeMs));

if (!existsSync(compiled) || statSync(compiled).mtimeMs < newestSource) {
  await compile({
    project: './src/text/project.inlang',
    outdir: './src/text/paraglide',
    // The page tells which language is meant (src/text/language.svelte.ts); no cookie, no URL, no reload.
    strategy: ['globalVariable', 'baseLocale'],
    emitReadme: false,
    emitGitIgnore: false,
    emitPrettierIgnore: false,
  });
}
// The compiler leaves 30-second timers behind that would keep this process alive.
process.exit(0);

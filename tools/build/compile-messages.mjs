// Compiles src/text/messages/*.json to src/text/paraglide. Run by the build and by the checks; does nothing when all is fresh.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from '@inlang/paraglide-js';

const root = fileURLToPath(new URL('../../', import.meta.url));
process.chdir(root);
const messages = 'src/text/messages';
const failures = 'src/text/paraglide/failure-messages.js';
const sources = ['src/text/project.inlang/settings.json', ...readdirSync(messages).map((name) => join(messages, name))];
const newestSource = Math.max(...sources.map((path) => statSync(path).mtimeMs));

if (!existsSync(failures) || statSync(failures).mtimeMs < newestSource) {
  await compile({
    project: './src/text/project.inlang',
    outdir: './src/text/paraglide',
    // The page tells which language is meant (src/text/language.svelte.ts); no cookie, no URL, no reload.
    strategy: ['globalVariable', 'baseLocale'],
    emitReadme: false,
    emitGitIgnore: false,
    emitPrettierIgnore: false,
  });
  writeFileSync(failures, failureMessages(JSON.parse(readFileSync(join(messages, 'en.json'), 'utf8'))));
}

/** The messages of each kind of failure under its name, so that nobody writes the list by hand: failure_file_missing_title, … */
function failureMessages(texts) {
  const kinds = Object.keys(texts).flatMap((key) => /^failure_(\w+)_title$/.exec(key)?.[1] ?? []);
  const rows = kinds.map((kind) => {
    const words = ['title', 'meaning', 'next'].map((part) => `${part}: m.failure_${kind}_${part}`);
    return `  '${kind.replaceAll('_', '-')}': { ${words.join(', ')} },`;
  });
  // By this path the build knows the words that are loaded later.
  return `import { m } from '../paraglide/messages.js';\n\nexport const failureMessages = {\n${rows.join('\n')}\n};\n`;
}

// The compiler leaves 30-second timers behind that would keep this process alive.
process.exit(0);

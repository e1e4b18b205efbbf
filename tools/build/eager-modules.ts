/** Which modules the page needs before anything can be shown: those that static imports lead to. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Import and export-from statements that survive to run time: no types, no `import(…)`. */
function staticImports(source: string): readonly string[] {
  const statements = source.matchAll(
    /^\s*(?:import|export)\s+(?!type\b)(?:[\w*{][^'";]*?\sfrom\s+)?['"](\.[^'"?]+)(?:\?[^'"]*)?['"]/gm,
  );
  return [...statements]
    .filter(([statement]) => {
      const names = /\{([^}]*)\}\s+from/.exec(statement)?.[1]?.split(',') ?? [];
      return names.length === 0 || !names.every((name) => /^\s*(?:type\s|$)/.test(name));
    })
    .map(([, path = '']) => path);
}

function fileOf(importer: string, path: string): string | null {
  const base = resolve(dirname(importer), path);
  return (
    [base, `${base}.ts`, `${base}.svelte.ts`].find((file) => /\.(?:ts|svelte)$/.test(file) && existsSync(file)) ?? null
  );
}

/** The files of `src` that `entry` needs at once, itself included. */
export function eagerModules(entry: string): ReadonlySet<string> {
  const found = new Set<string>();
  const rest = [entry];
  for (let file = rest.pop(); file !== undefined; file = rest.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    for (const path of staticImports(readFileSync(file, 'utf8'))) {
      const next = fileOf(file, path);
      if (next !== null) rest.push(next);
    }
  }
  return found;
}

/** What is loaded right after the first paint must not bring all other words with it. */
const atStart = ['src/main.ts', 'src/app/background.svelte.ts', 'src/app/load-notices.ts', 'src/lock/lock.svelte.ts'];

/** The files whose words are those of the first screen. */
export const neededAtStart = (): ReadonlySet<string> =>
  new Set(atStart.flatMap((entry) => [...eagerModules(resolve(entry))]));

/** The keys of the messages that a source file uses. */
export const messagesIn = (source: string): readonly string[] =>
  /from '[^']*\/paraglide\/messages\.js'/.test(source)
    ? [...source.matchAll(/\bm\.([a-z]\w*)/g)].map(([, key = '']) => key)
    : [];

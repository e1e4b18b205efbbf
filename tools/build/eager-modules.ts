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

/** The keys of the messages that a source file uses. */
export const messagesIn = (source: string): readonly string[] =>
  /from '[^']*\/paraglide\/messages\.js'/.test(source)
    ? [...source.matchAll(/\bm\.([a-z]\w*)/g)].map(([, key = '']) => key)
    : [];

/** The layers of the design, read from the import lines: whatever is not allowed there fails here. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(__dirname, '../..');
const features = ['chat', 'library', 'lock', 'models', 'benchmark', 'privacy', 'settings'];
const services = ['engine', 'storage', 'device'];
const ground = ['contracts', 'ui', 'text'];

interface Import {
  readonly from: string;
  readonly target: string;
  readonly typesOnly: boolean;
  readonly workerUrl: boolean;
}

/** Import and export-from statements, static and dynamic. `import type` and a list of nothing but `type x` are types only. */
function importsOf(file: string, source: string): Import[] {
  const statements = source.matchAll(
    /(?:import|export)\s+(type\s+)?((?:[\w*{][^'";]*?)\s+from\s+)?['"](\.[^'"]+)['"]|import\(\s*['"](\.[^'"]+)['"]\s*\)/g,
  );
  return [...statements].map(([, type, clause, path, dynamicPath]) => {
    const specifier = path ?? dynamicPath ?? '';
    const names = /^\{([^}]*)\}/.exec(clause?.trim() ?? '')?.[1]?.split(',') ?? [];
    const inlineTypes = names.length > 0 && names.every((name) => /^\s*(type\s|$)/.test(name));
    return {
      from: relative(root, file),
      target: relative(root, resolve(dirname(file), specifier.replace(/\?.*$/, ''))),
      typesOnly: type !== undefined || inlineTypes,
      workerUrl: specifier.endsWith('?worker&url'),
    };
  });
}

const layerOf = (path: string): string => {
  const [top, second = ''] = path.split('/');
  if (top !== 'src') return top ?? '';
  return second.includes('.') ? 'main' : second;
};

/** Why an import breaks the rule, or null. */
function offence({ from, target, typesOnly, workerUrl }: Import): string | null {
  const source = layerOf(from);
  const goal = layerOf(target);
  if (source === goal) return null;
  if (source === 'workers') {
    const isKernels = from.startsWith('workers/engine/cpu/') && target.startsWith('kernels/');
    return isKernels || target.startsWith('src/contracts/') ? null : 'workers import only contracts';
  }
  if (goal === 'workers') return typesOnly || workerUrl ? null : 'src reaches workers by URL only';
  if (source === 'main' || source === 'app') return null;
  if (goal === 'app' || goal === 'main')
    return typesOnly || target.startsWith('src/app/context') ? null : 'nothing imports the app';
  if (features.includes(source)) {
    if (!features.includes(goal)) return null;
    return typesOnly ? null : 'a feature imports another feature only as types';
  }
  if (services.includes(source)) return ground.includes(goal) ? null : 'services import only contracts, ui and text';
  if (source === 'contracts') return 'contracts import only contracts';
  return goal === 'contracts' || ground.includes(goal) ? null : 'ui and text import only each other and contracts';
}

const sources = ['src', 'workers']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  )
  .filter((path) => /\.(ts|svelte)$/.test(path) && !path.includes('paraglide'));

describe('who may import whom', () => {
  it('holds in every file', () => {
    const imports = sources.flatMap((path) => importsOf(join(root, path), readFileSync(join(root, path), 'utf8')));
    expect(imports.length).toBeGreaterThan(50);
    const offences = imports.flatMap((entry) => {
      const reason = offence(entry);
      return reason === null ? [] : [`${entry.from} → ${entry.target}: ${reason}`];
    });
    expect(offences).toEqual([]);
  });

  it('would be noticed when broken', () => {
    const parse = (from: string, line: string): string | null => {
      const [entry] = importsOf(join(root, from), line);
      if (!entry) throw new Error(`not seen as an import: ${line}`);
      return offence(entry);
    };
    expect(parse('src/chat/a.ts', `import { b } from '../models/b';`)).not.toBeNull();
    expect(parse('src/chat/a.ts', `import { type B, b } from '../models/b';`)).not.toBeNull();
    expect(parse('src/chat/a.ts', `import type { B } from '../models/b';`)).toBeNull();
    expect(parse('src/chat/a.ts', `import { type B } from '../models/b';`)).toBeNull();
    expect(parse('src/chat/a.ts', `const b = await import('../models/b');`)).not.toBeNull();
    expect(parse('src/engine/a.ts', `import { b } from '../chat/b';`)).not.toBeNull();
    expect(parse('src/text/a.ts', `import { b } from '../engine/b';`)).not.toBeNull();
    expect(parse('src/contracts/a.ts', `import { b } from '../text/b';`)).not.toBeNull();
    expect(parse('workers/engine/a.ts', `import { b } from '../../src/text/b';`)).not.toBeNull();
    expect(parse('workers/engine/a.ts', `import { b } from '../../src/contracts/b';`)).toBeNull();
    expect(parse('src/engine/a.ts', `import { b } from '../../workers/engine/b';`)).not.toBeNull();
    expect(parse('src/engine/a.ts', `import url from '../../workers/engine.worker.ts?worker&url';`)).toBeNull();
  });
});

// @vitest-environment node
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { build } from 'vite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { bundledParts, outdatedNote, packageOf } from '../../tools/build/licenses/bundled-parts';
import { complaints, isAllowed, type Part } from '../../tools/build/licenses/judge-licenses';
import { licenses } from '../../tools/build/licenses/licenses-plugin';
import { licensesText } from '../../tools/build/licenses/licenses-text';
import { packageNotes } from '../../tools/build/licenses/parts-inside';

const part = (changes: Partial<Part> = {}): Part => ({
  name: 'tiny',
  version: '1.0.0',
  license: 'MIT',
  address: 'https://example.org',
  texts: ['Permission is hereby granted'],
  ...changes,
});

describe('a license expression', () => {
  it.each([
    'MIT',
    '(MIT)',
    'OFL-1.1',
    'Apache-2.0 WITH LLVM-exception',
    'MIT OR GPL-3.0-only',
    '(GPL-3.0-or-later OR Apache-2.0)',
    'MIT AND ISC',
    'GPL-2.0-only AND MIT OR BSD-2-Clause',
  ])('may ship: %s', (expression) => expect(isAllowed(expression)).toBe(true));

  it.each([
    '',
    'GPL-3.0-only',
    'AGPL-3.0-or-later',
    'MPL-2.0',
    'CC-BY-4.0',
    'UNLICENSED',
    'SEE LICENSE IN LICENSE.md',
    'MIT AND GPL-2.0-only',
    'GPL-2.0-only WITH Classpath-exception-2.0',
    'mit',
    // Nested: a person has to look at it.
    'MIT AND (ISC OR GPL-2.0-only)',
    '(MIT) OR (ISC)',
  ])('may not ship: %s', (expression) => expect(isAllowed(expression)).toBe(false));
});

describe('what ships', () => {
  it('has nothing to complain about where each part has an allowed license and its text', () => {
    expect(complaints([part(), part({ name: 'other', license: 'ISC' })])).toEqual([]);
  });

  it.each([
    [{ license: 'GPL-3.0-only' }, 'tiny 1.0.0 has a license that is not on the short list: GPL-3.0-only'],
    [{ license: undefined }, 'tiny 1.0.0 states no license'],
    [{ texts: [] }, 'tiny 1.0.0 brings no text of its license (MIT)'],
    [{ texts: [' \n'] }, 'tiny 1.0.0 brings no text of its license (MIT)'],
  ])('is refused with %j', (changes, words) => {
    expect(complaints([part(), part(changes), part({ name: 'last' })])).toEqual([words]);
  });
});

describe('what is compiled into a package', () => {
  const wasm = { name: 'fast', version: '2.0.0' };

  it('has to be noted where the package brings WebAssembly', () => {
    expect(outdatedNote(wasm, undefined, true)).toContain('fast 2.0.0 brings WebAssembly');
    expect(outdatedNote(wasm, undefined, false)).toBeNull();
  });

  it('is looked at again when the package has another version', () => {
    expect(outdatedNote(wasm, { version: '1.9.0' }, true)).toContain('noted for 1.9.0');
    expect(outdatedNote(wasm, { version: '2.0.0' }, true)).toBeNull();
  });

  it('has an allowed license and a text, in all notes', () => {
    const ids = Object.keys(packageNotes).map((name) => resolve('node_modules', name, 'index.js'));
    const found = bundledParts(ids, resolve('node_modules'));
    expect(found.complaints).toEqual([]);
    expect(complaints(found.parts)).toEqual([]);
    expect(found.parts.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['llama.cpp and ggml', 'Fonts of KaTeX', 'Apache TVM (web runtime)', 'XGrammar', 'musl']),
    );
  });
});

it.each([
  ['/a/node_modules/idb/build/index.js', 'idb'],
  ['/a/node_modules/@mlc-ai/web-llm/lib/index.js', '@mlc-ai/web-llm'],
  ['/a/node_modules/outer/node_modules/inner/index.js', 'inner'],
  ['\0/a/node_modules/katex/dist/katex.min.css?inline', 'katex'],
  ['/a/kernels/build/fixed.ts', 'assemblyscript'],
  ['/a/src/text/paraglide/runtime.js', '@inlang/paraglide-js'],
  ['/a/node_modules/.cache/sotto/character-maps.bin?url', 'pdfjs-dist'],
  ['/a/src/main.ts', null],
  ['\0words:rest', null],
])('the module %s is of %s', (id, name) => {
  expect(packageOf(id)).toBe(name);
});

it('every dependency that may be bundled has a license that may ship', () => {
  const ids = Object.keys(manifest.dependencies).map((name) => resolve('node_modules', name, 'index.js'));
  const found = bundledParts(ids, resolve('node_modules'));
  expect([...complaints(found.parts), ...found.complaints]).toEqual([]);
});

it('a text that several parts share stands once, with all their names', () => {
  const text = licensesText(part({ name: 'App', texts: ['Of the app'] }), [
    part({ name: 'one', texts: ['Do as you\nlike.'] }),
    part({ name: 'two', texts: ['  Do as you like.\r\n', 'Notice of two'] }),
  ]);
  expect(text.match(/Do as you\s+like\./g)).toHaveLength(1);
  expect(text).toContain('one 1.0.0, two 1.0.0\n');
  expect(text).toContain('- two 1.0.0 (MIT), https://example.org');
  expect(text).toContain('Notice of two');
  expect(text).toContain('Of the app');
});

describe('a build', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'sotto-licenses-'));
    write('package.json', JSON.stringify({ name: 'app', version: '1.0.0', license: 'MIT' }));
    write('LICENSE', 'License of the app');
    for (const name of ['vite', 'rolldown']) addPackage(name, 'MIT');
    addPackage('page-part', 'ISC');
    addPackage('worker-part', 'ISC');
    write('main.js', `import 'page-part'; new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });`);
    write('worker.js', `import 'worker-part';`);
    write('index.html', '<script type="module" src="./main.js"></script>');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function write(path: string, content: string): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }

  function addPackage(name: string, license: string | undefined): void {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '3.2.1', license, type: 'module' }));
    write(`node_modules/${name}/index.js`, `globalThis.parts = '${name}';`);
    write(`node_modules/${name}/LICENSE`, `License of ${name}`);
  }

  async function run(): Promise<string> {
    const { page, before } = licenses(root);
    await build({
      root,
      configFile: false,
      logLevel: 'silent',
      plugins: [page],
      worker: { format: 'es', plugins: () => [before()] },
    });
    return readFileSync(join(root, 'dist/licenses.txt'), 'utf8');
  }

  it('writes the licenses of what is in its page and in its workers', async () => {
    const text = await run();
    for (const name of ['page-part', 'worker-part']) {
      expect(text).toContain(`- ${name} 3.2.1 (ISC)`);
      expect(text).toContain(`License of ${name}`);
    }
  });

  it('leaves out what is installed and not in it', async () => {
    addPackage('unused-part', 'GPL-3.0-only');
    expect(await run()).not.toContain('unused-part');
  });

  it('fails over a license that may not ship, also in a worker', async () => {
    addPackage('worker-part', 'GPL-3.0-only');
    await expect(run()).rejects.toThrow('worker-part 3.2.1 has a license that is not on the short list: GPL-3.0-only');
  });

  it('fails over a package without a license, and over one without the text', async () => {
    addPackage('page-part', undefined);
    rmSync(join(root, 'node_modules/worker-part/LICENSE'));
    await expect(run()).rejects.toThrow(
      /page-part 3\.2\.1 states no license\n.*worker-part 3\.2\.1 brings no text|worker-part 3\.2\.1 brings no text.*\n.*page-part 3\.2\.1 states no license/,
    );
  });
});

// Compiles the arithmetic of the CPU engine (kernels/, AssemblyScript) to WebAssembly, once for each kind of processor and browser
// (see kernels/arithmetic/dot.ts). A browser that lacks one instruction refuses the whole file, so there are several.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = join(root, 'kernels/build');
const relaxed = ['--enable', 'relaxed-simd'];
const variants = {
  relaxed16: [...relaxed, '--use', 'SHORT_SUMS=1'],
  relaxed32: [...relaxed, '--use', 'SHORT_SUMS=0'],
  fixed: ['--use', 'SHORT_SUMS=1'],
};

/** What the result depends on: the sources, this file, and the compiler. */
function hashOfSources() {
  const hash = createHash('sha256');
  const sources = readdirSync(join(root, 'kernels'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && entry.parentPath !== folder)
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const compiler = join(root, 'node_modules/assemblyscript/package.json');
  for (const path of [...sources, fileURLToPath(import.meta.url), compiler]) hash.update(readFileSync(path));
  return hash.digest('hex');
}

async function compile(name, flags) {
  // It takes seconds to load, and is not needed where nothing has changed.
  const { default: asc } = await import('assemblyscript/asc');
  const { error, stderr } = await asc.main([
    join(root, 'kernels/index.ts'),
    '-O3',
    '--noAssert',
    ...['--runtime', 'stub', '--importMemory', '--sharedMemory', '--maximumMemory', '65536'],
    ...['--enable', 'simd', '--enable', 'threads', ...flags],
    ...['--outFile', join(folder, `${name}.wasm`)],
  ]);
  if (error) throw new Error(`kernels/ does not compile: ${error.message}\n${stderr}`);
  // As a script: the thread that runs them may fetch nothing.
  const base64 = readFileSync(join(folder, `${name}.wasm`)).toString('base64');
  writeFileSync(join(folder, `${name}.ts`), `export const kernels = '${base64}';\n`);
}

/** Compiles what has changed since the last time. */
export async function compileKernels() {
  const mark = join(folder, 'sources.sha256');
  const hash = hashOfSources();
  if (existsSync(mark) && readFileSync(mark, 'utf8') === hash) return;
  mkdirSync(folder, { recursive: true });
  for (const [name, flags] of Object.entries(variants)) await compile(name, flags);
  writeFileSync(mark, hash);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await compileKernels();

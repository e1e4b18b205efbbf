/** From what a bundler has put into its files to the packages it comes from, with their licenses. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Part } from './judge-licenses.ts';
import { packageNotes, type PackageNote } from './parts-inside.ts';

/** Files of our own that tools have written, with code of the tool in them, by a piece of their path. */
const generated: readonly (readonly [RegExp, string])[] = [
  [/\/kernels\/build\//, 'assemblyscript'],
  [/\/src\/text\/paraglide\//, '@inlang/paraglide-js'],
  [/\/\.cache\/sotto\/character-maps\.bin$/, 'pdfjs-dist'],
];

/** Their helpers are in every build, under no name of a module. */
const bundlers = ['vite', 'rolldown'] as const;

const licenseFile = /^(licen[sc]e|copying|notice)/i;

/** Which package a module or an asset is of; null for our own. @param id with or without the `?…` and `\0` of bundlers */
export function packageOf(id: string): string | null {
  const path = id.replace(/^\0/, '').replace(/\?.*$/, '').replaceAll('\\', '/');
  const tool = generated.find(([pattern]) => pattern.test(path))?.[1];
  if (tool !== undefined) return tool;
  // The last one: a package may have brought others of its own.
  return /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? null;
}

/** Where the package of a module lies; two versions of one package may be there. */
const folderOf = (id: string, name: string): string | null =>
  /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//
    .exec(id.replaceAll('\\', '/'))?.[1]
    ?.replace(/\/\.cache$/, `/${name}`) ?? null;

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: unknown;
  readonly homepage?: unknown;
  readonly repository?: unknown;
}

function addressOf({ name, homepage, repository }: Manifest): string {
  if (typeof homepage === 'string' && homepage.startsWith('https://')) return homepage;
  const named =
    typeof repository === 'object' && repository !== null && 'url' in repository ? repository.url : repository;
  const address = typeof named === 'string' ? named.replace(/^git\+/, '').replace(/\.git$/, '') : '';
  return address.startsWith('https://') ? address : `https://www.npmjs.com/package/${name}`;
}

const readAll = (folder: string, sources: readonly string[]): readonly string[] =>
  sources.map((source) =>
    readFileSync(
      source.startsWith('npm:') ? join(folder, source.slice(4)) : join(import.meta.dirname, 'texts', source),
      'utf8',
    ),
  );

/** What was written down of a package does not fit to what is there. @returns a complaint, or null */
export function outdatedNote(
  { name, version }: { readonly name: string; readonly version: string },
  note: PackageNote | undefined,
  bringsBinary: boolean,
): string | null {
  if (bringsBinary && note?.version === undefined)
    return `${name} ${version} brings WebAssembly: note in parts-inside.ts what is compiled into it`;
  if (note?.version === undefined || note.version === version) return null;
  return `${name} is now ${version}: look again at what is inside, noted for ${note.version} in parts-inside.ts`;
}

/** Everything of others in a build, and what is not known of it. */
export interface BundledParts {
  readonly parts: readonly Part[];
  readonly complaints: readonly string[];
}

/**
 * @param ids of modules and of the files that assets were made of, absolute
 * @param modules the `node_modules` of the project
 */
export function bundledParts(ids: Iterable<string>, modules: string): BundledParts {
  const folders = new Map<string, { readonly name: string; hasBinary: boolean }>(
    bundlers.map((name) => [join(modules, name), { name, hasBinary: false }]),
  );
  for (const id of ids) {
    const name = packageOf(id);
    if (name === null) continue;
    const near = folderOf(id, name);
    const folder = near !== null && existsSync(join(near, 'package.json')) ? near : join(modules, name);
    const found = folders.get(folder) ?? { name, hasBinary: false };
    found.hasBinary ||= /\.wasm(\?|$)/.test(id) && !id.includes('/kernels/build/');
    folders.set(folder, found);
  }
  const parts = new Map<string, Part>();
  const wrong: string[] = [];
  for (const [folder, { name, hasBinary }] of folders) {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
    const note = packageNotes[name];
    const complaint = outdatedNote(manifest, note, hasBinary);
    if (complaint !== null) wrong.push(complaint);
    const stated = typeof manifest.license === 'string' ? manifest.license : undefined;
    const own = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && licenseFile.test(entry.name))
      .map((entry) => join(folder, entry.name))
      .sort()
      .map((path) => readFileSync(path, 'utf8'));
    const { version } = manifest;
    parts.set(`${name} ${version}`, {
      name,
      version,
      license: stated ?? note?.license,
      address: addressOf(manifest),
      texts: note?.texts ? readAll(modules, note.texts) : own,
    });
    for (const { texts, ...inside } of note?.inside ?? [])
      parts.set(inside.name, { ...inside, version: '', texts: readAll(modules, texts) });
  }
  return { parts: [...parts.values()], complaints: wrong };
}

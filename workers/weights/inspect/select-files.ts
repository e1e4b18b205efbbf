/** Which files of a repository or folder make up a model. */
import type { WeightsFile } from '../../../src/shared/protocol/weights';
import { configName, tableNames } from '../../mlc/missing-files';

const splitName = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/i;

export const isGguf = (path: string): boolean => /\.gguf$/i.test(path);

/** "name-00002-of-00003.gguf" → its parts; null for a file that is not split. */
export function splitParts(path: string): readonly string[] | null {
  const match = splitName.exec(path);
  const count = Number(match?.[3] ?? 0);
  // llama.cpp itself writes at most a few hundred; a name must not make us ask for 99,999 files.
  if (!match || count < 1 || count > 1000) return null;
  const of = String(count).padStart(5, '0');
  return Array.from(
    { length: count },
    (_, index) => `${match[1] ?? ''}-${String(index + 1).padStart(5, '0')}-of-${of}.gguf`,
  );
}

/** Whether the name is that of a projector, which lets a model see or hear and is none itself. Its header says it for certain. */
export const isProjectorName = (path: string): boolean =>
  isGguf(path) && /(^|[^a-z])mmproj([^a-z]|$)/i.test(path.split('/').at(-1) ?? path);

/** The GGUF models among files: each a file, or all parts of a split one. */
export function ggufModels(files: readonly WeightsFile[]): readonly (readonly WeightsFile[])[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const models: WeightsFile[][] = [];
  for (const file of files) {
    if (!isGguf(file.path) || isProjectorName(file.path)) continue;
    const parts = splitParts(file.path);
    if (parts && parts[0] !== file.path) continue;
    const found = (parts ?? [file.path]).flatMap((path) => byPath.get(path) ?? []);
    if (found.length === (parts?.length ?? 1)) models.push(found);
  }
  return models;
}

/** The files that lie in a folder itself, not below it. @param folder empty for the outermost */
export function inFolder(files: readonly WeightsFile[], folder: string): readonly WeightsFile[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  return files.filter(({ path }) => path.startsWith(prefix) && !path.slice(prefix.length).includes('/'));
}

/**
 * The files of an MLC model in one folder: config, tokenizer, tensor table and shards; null when it holds none. A part of one
 * counts where there is nothing else: what is missing can then be named.
 */
export function mlcModel(files: readonly WeightsFile[], folder: string): readonly WeightsFile[] | null {
  const inside = inFolder(files, folder);
  const names = new Set(inside.map(({ path }) => path.split('/').at(-1) ?? path));
  const hasConfig = names.has(configName);
  const hasTable = tableNames.some((name) => names.has(name));
  const isMlc = inside.some(({ path }) => isGguf(path)) ? hasConfig && hasTable : hasConfig || hasTable;
  return isMlc ? inside.filter(({ path }) => /\.(json|bin|model|txt)$/.test(path)) : null;
}

/** A name for people, from the name of a file. */
export const nameOfGguf = (path: string): string =>
  (path.split('/').at(-1) ?? path).replace(/(-\d{5}-of-\d{5})?\.gguf$/i, '');

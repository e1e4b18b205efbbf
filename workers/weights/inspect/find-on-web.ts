/** What lies at an address of any host that is no model host: a file, or a folder. */
import { FailureError } from '../../../src/shared/protocol/failure';
import type { Senses } from '../../../src/shared/domain/senses';
import type { Inspection, WeightsFile, WeightsManifest, WeightsSource } from '../../../src/shared/protocol/weights';
import { field, listOf } from '../../mlc/json-fields';
import { configName, tableNames } from '../../mlc/missing-files';
import { decodePath } from './decode-path';
import { withEntityTag } from './entity-tags';
import { fetchJson, probeFile } from './fetch-json';
import type { Look } from './look';
import { manifestFileName, parseManifestFile } from './manifest-file';
import { projectorFor } from './projector-file';
import { isProjectorName, nameOfGguf, splitParts } from './select-files';

export interface Found {
  readonly name: string;
  readonly source: WeightsSource;
  readonly files: readonly WeightsFile[];
  /** All that lies beside them, a library perhaps. */
  readonly listed: readonly WeightsFile[];
  readonly format: WeightsManifest['format'];
  readonly licence?: string | undefined;
  /** Of `files`: what lets the model see or hear, and what that is where the folder states it. */
  readonly projector?: { readonly path: string; readonly senses?: Senses };
}

export type Finding = { readonly kind: 'model'; readonly found: Found } | Extract<Inspection, { kind: 'choice' }>;

export async function findFile(url: string, look: Look): Promise<Finding> {
  const folder = new URL('.', url);
  const { search } = new URL(url);
  const name = decodePath(new URL(url).pathname.slice(folder.pathname.length), url);
  const source = { kind: 'web', folder: `${folder.origin}${folder.pathname}` } as const;
  const files: WeightsFile[] = [];
  for (const path of splitParts(name) ?? [name]) {
    const address = `${source.folder}${encodeURIComponent(path)}${search}`;
    const facts = await probeFile(address, path, look);
    // What an address carries behind "?" may be needed to get the file.
    files.push({ path, ...facts, ...(search !== '' && { url: address }) });
  }
  return { kind: 'model', found: { name: nameOfGguf(name), source, format: 'gguf', files, listed: files } };
}

export async function findFolder(url: string, look: Look): Promise<Finding> {
  const source = { kind: 'web', folder: url } as const;
  const stated = await optional(fetchJson(new URL(manifestFileName, url).href, manifestFileName, look));
  if (stated) {
    const { name, format, licence, files, projector: named } = parseManifestFile(stated.value, url);
    const known = await Promise.all(files.map((file) => withEntityTag(file, new URL(file.path, url).href, look)));
    const found = { name, source, format, licence, listed: known };
    if (format === 'mlc') return { kind: 'model', found: { ...found, files: known } };
    const parts = known.filter(({ path }) => path !== named?.path && !isProjectorName(path));
    const others = known.filter((file) => !parts.includes(file));
    const file = others.find(({ path }) => path === named?.path) ?? projectorFor(parts, others);
    const projector = file && { path: file.path, ...(named?.path === file.path && { senses: named }) };
    return {
      kind: 'model',
      found: { ...found, files: file ? [...parts, file] : parts, ...(projector && { projector }) },
    };
  }
  const jsonAt = async (name: string): Promise<unknown> =>
    (await optional(fetchJson(new URL(name, url).href, name, look)))?.value;
  const config = await jsonAt(configName);
  const [newer, older] = tableNames;
  const newTable = await jsonAt(newer);
  const table = newTable ?? (await jsonAt(older));
  if (config === undefined && table === undefined) throw nothingAt(url);
  const tableName = newTable === undefined ? older : newer;
  const there = [...(config === undefined ? [] : [configName]), ...(table === undefined ? [] : [tableName])];
  const files: WeightsFile[] = [];
  for (const path of new Set([...there, ...tokenizerFiles(config), ...shardFiles(table)])) {
    const facts = await optional(probeFile(new URL(path, url).href, path, look));
    if (facts) files.push({ path, ...facts });
  }
  const name = decodePath(url.split('/').at(-2) ?? url, url);
  return { kind: 'model', found: { name, source, format: 'mlc', files, listed: files } };
}

/** What is not there is no failure here; anything else is. */
async function optional<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    const missing = ['download-not-found', 'download-not-weights', 'download-forbidden'];
    if (error instanceof FailureError && missing.includes(error.failure.kind)) return null;
    throw error;
  }
}

const plainName = (value: unknown): value is string => typeof value === 'string' && /^[\w][\w.-]*$/.test(value);
const tokenizerFiles = (config: unknown): string[] => listOf(field(config, 'tokenizer_files')).filter(plainName);
const shardFiles = (table: unknown): string[] =>
  listOf(field(table, 'records'))
    .map((record) => field(record, 'dataPath'))
    .filter(plainName);

export const nothingAt = (subject: string): FailureError =>
  new FailureError({ kind: 'address-not-understood', technical: `no GGUF and no MLC weights at ${subject}`, subject });

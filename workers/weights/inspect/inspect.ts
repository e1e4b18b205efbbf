/** Finds out what lies at an address, down to the header of a GGUF file, without storing anything. */
import { FailureError } from '../../../src/contracts/failure';
import type { GgufFacts } from '../../../src/contracts/gguf';
import { parseUrl } from '../../../src/contracts/parse-url';
import type {
  Inspection,
  WeightsFile,
  WeightsManifest,
  WeightsRequest,
  WeightsSource,
} from '../../../src/contracts/weights';
import { checkGguf } from '../../gguf/check-gguf';
import { mlcFacts } from '../../mlc/mlc-facts';
import { mlcLibrary } from '../../mlc/mlc-library';
import { RangesIgnored } from '../download/passing-trouble';
import { fileUrl } from '../source-address';
import { parseAddress, type ModelAddress } from './address';
import { fetchJson, probeFile } from './fetch-json';
import { readHubRepository } from './hub-repository';
import { manifestFileName, parseManifestFile } from './manifest-file';
import { remoteSource } from './remote-source';
import { ggufModels, mlcModel, nameOfGguf, splitParts } from './select-files';

/** A header of a model with a large vocabulary has up to 10 MB: few requests for it, and an end for a hostile one. */
const headerLimits = { windowBytes: 2 * 1024 ** 2, headerBytes: 64 * 1024 ** 2 };

interface Found {
  readonly name: string;
  readonly source: WeightsSource;
  readonly files: readonly WeightsFile[];
  readonly format: WeightsManifest['format'];
  readonly licence?: string | undefined;
}

type Finding = { readonly kind: 'model'; readonly found: Found } | Extract<Inspection, { kind: 'choice' }>;

/** @throws FailureError, or the signal's reason */
export async function inspect(request: WeightsRequest, hubUrl: string, signal: AbortSignal): Promise<Inspection> {
  const address = parseAddress(request.url, hubUrl);
  const finding = await find(address, hubUrl, signal);
  if (finding.kind === 'choice') return finding;
  const { name, source, format, licence, files } = finding.found;
  const manifest: WeightsManifest = {
    modelId: request.known?.modelId ?? idOf(source, files),
    name: request.known?.name ?? name,
    source,
    format,
    files: format === 'mlc' ? await withLibrary(files, request.libraryUrl, signal) : files,
  };
  const gguf = format === 'gguf' ? await headerFacts(manifest, hubUrl, signal) : undefined;
  const mlc = format === 'mlc' ? await mlcParts(manifest, hubUrl, signal) : {};
  const statedLicence = request.known?.licence ?? licence ?? gguf?.licence;
  return {
    kind: 'model',
    manifest: {
      ...manifest,
      ...(statedLicence !== undefined && { licence: statedLicence }),
      ...(gguf && { gguf }),
      ...mlc,
    },
  };
}

function find(address: ModelAddress, hubUrl: string, signal: AbortSignal): Promise<Finding> {
  if (address.kind === 'hub') return findInHub(address, hubUrl, signal);
  return address.kind === 'file' ? findFile(address.url, signal) : findFolder(address.url, signal);
}

async function findInHub(
  { repository, revision, path }: Extract<ModelAddress, { kind: 'hub' }>,
  hubUrl: string,
  signal: AbortSignal,
): Promise<Finding> {
  const { commit, licence, files } = await readHubRepository(hubUrl, repository, revision, signal);
  const source = { kind: 'hub', repository, commit } as const;
  const mlc = mlcModel(files, path);
  if (mlc) {
    const name = repository.split('/')[1] ?? repository;
    return { kind: 'model', found: { name, source, licence, format: 'mlc', files: mlc } };
  }
  const inside = (file: WeightsFile): boolean => path === '' || file.path === path || file.path.startsWith(`${path}/`);
  const models = ggufModels(files).filter((parts) => parts.some(inside));
  const [only] = models;
  if (only && models.length === 1) {
    const name = nameOfGguf(only[0]?.path ?? repository);
    return { kind: 'model', found: { name, source, licence, format: 'gguf', files: only } };
  }
  if (models.length === 0) throw nothingAt(`${repository}${path === '' ? '' : `/${path}`}`);
  const choices = models.map((parts) => {
    const first = parts[0]?.path ?? '';
    const url = `https://huggingface.co/${repository}/blob/${commit}/${first.split('/').map(encodeURIComponent).join('/')}`;
    return { path: first, bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0), url };
  });
  return { kind: 'choice', choices };
}

async function findFile(url: string, signal: AbortSignal): Promise<Finding> {
  const folder = new URL('.', url);
  const { search } = new URL(url);
  const name = decodeURIComponent(new URL(url).pathname.slice(folder.pathname.length));
  const source = { kind: 'web', folder: `${folder.origin}${folder.pathname}` } as const;
  const files: WeightsFile[] = [];
  for (const path of splitParts(name) ?? [name]) {
    const address = `${source.folder}${encodeURIComponent(path)}${search}`;
    const facts = await probeFile(address, path, signal);
    // What an address carries behind "?" may be needed to get the file.
    files.push({ path, ...facts, ...(search !== '' && { url: address }) });
  }
  return { kind: 'model', found: { name: nameOfGguf(name), source, format: 'gguf', files } };
}

async function findFolder(url: string, signal: AbortSignal): Promise<Finding> {
  const source = { kind: 'web', folder: url } as const;
  const stated = await optional(fetchJson(new URL(manifestFileName, url).href, manifestFileName, signal));
  if (stated) {
    const { name, format, licence, files } = parseManifestFile(stated.value, url);
    const known = await Promise.all(files.map((file) => withEntityTag(file, url, signal)));
    return { kind: 'model', found: { name, source, format, licence, files: known } };
  }
  const config = await optional(fetchJson(new URL('mlc-chat-config.json', url).href, 'mlc-chat-config.json', signal));
  if (!config) throw nothingAt(url);
  const table = await fetchJson(new URL('tensor-cache.json', url).href, 'tensor-cache.json', signal);
  const paths = [
    'mlc-chat-config.json',
    'tensor-cache.json',
    ...tokenizerFiles(config.value),
    ...shardFiles(table.value),
  ];
  const files: WeightsFile[] = [];
  for (const path of new Set(paths)) files.push({ path, ...(await probeFile(new URL(path, url).href, path, signal)) });
  const name = decodeURIComponent(url.split('/').at(-2) ?? url);
  return { kind: 'model', found: { name, source, format: 'mlc', files } };
}

/** Without a hash, the entity tag tells whether a file is still the one whose first part is here. */
async function withEntityTag(file: WeightsFile, folder: string, signal: AbortSignal): Promise<WeightsFile> {
  if (file.sha256 !== undefined) return file;
  const { bytes, etag } = await probeFile(new URL(file.path, folder).href, file.path, signal);
  if (bytes === file.bytes) return { ...file, ...(etag !== undefined && { etag }) };
  const technical = `${file.path} has ${bytes} bytes, its manifest says ${file.bytes}`;
  throw new FailureError({ kind: 'download-not-weights', technical, subject: file.path });
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

const listOf = (value: unknown, name: string): readonly unknown[] => {
  const list = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  return Array.isArray(list) ? list : [];
};
const plainName = (value: unknown): value is string => typeof value === 'string' && /^[\w][\w.-]*$/.test(value);
const tokenizerFiles = (config: unknown): string[] => listOf(config, 'tokenizer_files').filter(plainName);
const shardFiles = (table: unknown): string[] =>
  listOf(table, 'records')
    .map((record) => (record as Record<string, unknown> | null)?.['dataPath'])
    .filter(plainName);

/** The compiled model library lies elsewhere; it is part of the model all the same, or the model would not load offline. */
async function withLibrary(
  files: readonly WeightsFile[],
  libraryUrl: string | undefined,
  signal: AbortSignal,
): Promise<readonly WeightsFile[]> {
  const url = libraryUrl === undefined ? null : parseUrl(libraryUrl.trim());
  if (libraryUrl !== undefined && !url)
    throw new FailureError({ kind: 'address-not-understood', technical: libraryUrl, subject: libraryUrl });
  if (!url) return files;
  const path = `library/${decodeURIComponent(url.pathname.split('/').at(-1) ?? 'model.wasm')}`;
  return [...files, { path, url: url.href, ...(await probeFile(url.href, path, signal)) }];
}

/** @returns undefined where the server sends whole files only: the engine reads the header when the model is here */
async function headerFacts(
  manifest: WeightsManifest,
  hubUrl: string,
  signal: AbortSignal,
): Promise<GgufFacts | undefined> {
  const sources = manifest.files.map((file) =>
    remoteSource(fileUrl(manifest, file, hubUrl) ?? '', file.path, file.bytes, signal),
  );
  try {
    return await checkGguf(sources, headerLimits);
  } catch (error) {
    if (error instanceof RangesIgnored) return undefined;
    throw error;
  }
}

/** What config and table of an MLC model tell, and which file is its library. */
async function mlcParts(
  manifest: WeightsManifest,
  hubUrl: string,
  signal: AbortSignal,
): Promise<Pick<WeightsManifest, 'mlc' | 'library'>> {
  const jsonOf = async (name: RegExp): Promise<unknown> => {
    const file = manifest.files.find(({ path }) => name.test(path));
    const url = file && fileUrl(manifest, file, hubUrl);
    return url === undefined ? undefined : (await fetchJson(url, file?.path ?? '', signal)).value;
  };
  const mlc = mlcFacts(
    await jsonOf(/(^|\/)mlc-chat-config\.json$/),
    await jsonOf(/(^|\/)(tensor|ndarray)-cache\.json$/),
  );
  const library = mlcLibrary(manifest.files);
  return { mlc, ...(library && { library }) };
}

function idOf(source: WeightsSource, files: readonly WeightsFile[]): string {
  const path = files[0]?.path ?? '';
  if (source.kind === 'hub') return `hub:${source.repository}/${path}`;
  return source.kind === 'web' ? `web:${source.folder}${path}` : `file:${path}`;
}

const nothingAt = (subject: string): FailureError =>
  new FailureError({ kind: 'address-not-understood', technical: `no GGUF and no MLC weights at ${subject}`, subject });

/** What a repository of a model host holds, at one commit where it has commits. */
import { FailureError } from '../../../src/shared/protocol/failure';
import { hubFileUrl, revisionAt, type ModelHub } from '../../../src/shared/domain/model-hub';
import type { WeightsFile } from '../../../src/shared/protocol/weights';
import { fetchJson } from './fetch-json';
import type { Look } from './look';
import { manifestFileName, parseManifestFile } from './manifest-file';
import { isSafePath } from './safe-path';

export interface HubRepository {
  /** A commit, or the name of a branch where the host tells none. */
  readonly commit: string;
  readonly licence: string | undefined;
  readonly files: readonly WeightsFile[];
}

/** More pages or files than any repository of one model has: a list without an end must not keep us busy. */
const mostPages = 100;
const mostFiles = 20_000;

const hex = (length: number): RegExp => new RegExp(`^[0-9a-f]{${length}}$`);

/**
 * Resolves a revision to its commit, and lists its files with sizes and hashes.
 * @throws FailureError
 */
export function readHubRepository(
  hub: ModelHub,
  repository: string,
  revision: string,
  look: Look,
): Promise<HubRepository> {
  if (hub.listing === 'modelscope') return readModelScope(hub, repository, revision, look);
  return hub.listing === 'huggingface'
    ? readHuggingFace(hub, repository, revision, look)
    : readManifest(hub, repository, revision, look);
}

async function readHuggingFace(
  { base }: ModelHub,
  repository: string,
  revision: string,
  look: Look,
): Promise<HubRepository> {
  const api = `${base}/api/models/${repository}`;
  const info = (await fetchJson(`${api}/revision/${encodeURIComponent(revision)}`, repository, look)).value;
  const commit = field(info, 'sha');
  if (typeof commit !== 'string' || !hex(40).test(commit)) throw unreadable(repository, 'the hub named no commit');
  // By path: a list that names a file twice must not make it two.
  const files = new Map<string, WeightsFile>();
  let next: string | null = `${api}/tree/${commit}?recursive=true`;
  for (let page = 0; next !== null && page < mostPages && files.size < mostFiles; page += 1) {
    const answer = await fetchJson(next, repository, look);
    if (!Array.isArray(answer.value)) throw unreadable(repository, 'the list of files is no list');
    for (const file of filesOf(answer.value)) files.set(file.path, file);
    next = answer.next;
  }
  return { commit, licence: licenseOf(info), files: [...files.values()] };
}

/** ModelScope tells no commit for a branch, but the hash of every file: what it sends later is held against that. */
async function readModelScope(hub: ModelHub, repository: string, revision: string, look: Look): Promise<HubRepository> {
  const api = `${hub.base}/api/v1/models/${repository}`;
  const branch = revisionAt(hub, revision);
  const list = `${api}/repo/files?Revision=${encodeURIComponent(branch)}&Recursive=true`;
  const data = field((await fetchJson(list, repository, look)).value, 'Data');
  const listed = field(data, 'Files');
  if (!Array.isArray(listed))
    throw new FailureError({
      kind: 'download-not-found',
      technical: `no list of files at ${list}`,
      subject: repository,
    });
  const files = new Map<string, WeightsFile>();
  for (const entry of listed.slice(0, mostFiles) as unknown[]) {
    const path = field(entry, 'Path');
    const bytes = field(entry, 'Size');
    const sha256 = field(entry, 'Sha256');
    if (field(entry, 'Type') === 'tree' || typeof path !== 'string' || !isSafePath(path)) continue;
    if (typeof bytes !== 'number' || !Number.isSafeInteger(bytes) || bytes < 0) continue;
    files.set(path, { path, bytes, ...(typeof sha256 === 'string' && hex(64).test(sha256) && { sha256 }) });
  }
  return { commit: branch, licence: undefined, files: [...files.values()] };
}

async function readManifest(hub: ModelHub, repository: string, revision: string, look: Look): Promise<HubRepository> {
  const url = hubFileUrl(hub, repository, revision, manifestFileName);
  const { files, licence } = parseManifestFile((await fetchJson(url, manifestFileName, look)).value, url);
  return { commit: revisionAt(hub, revision), licence, files };
}

/** The files of one page of a list; none where it is no list. */
export const filesOf = (list: unknown): readonly WeightsFile[] =>
  Array.isArray(list) ? list.flatMap((entry: unknown) => fileOf(entry) ?? []) : [];

/** @returns null for folders, and for what no honest repository has */
function fileOf(entry: unknown): WeightsFile | null {
  const path = field(entry, 'path');
  const bytes = field(field(entry, 'lfs'), 'size') ?? field(entry, 'size');
  if (field(entry, 'type') !== 'file' || typeof path !== 'string' || !isSafePath(path)) return null;
  if (typeof bytes !== 'number' || !Number.isSafeInteger(bytes) || bytes < 0) return null;
  const sha256 = field(field(entry, 'lfs'), 'oid');
  if (typeof sha256 === 'string' && hex(64).test(sha256)) return { path, bytes, sha256 };
  const oid = field(entry, 'oid');
  // For a file of the large file storage, this would be the hash of its pointer.
  const isPointer = field(entry, 'lfs') !== undefined;
  return typeof oid === 'string' && hex(40).test(oid) && !isPointer ? { path, bytes, gitSha1: oid } : { path, bytes };
}

export function licenseOf(info: unknown): string | undefined {
  const stated = field(field(info, 'cardData'), 'license');
  if (typeof stated === 'string') return stated;
  const tags = field(info, 'tags');
  const tag = Array.isArray(tags)
    ? tags.find((value) => typeof value === 'string' && value.startsWith('license:'))
    : '';
  return typeof tag === 'string' && tag !== '' ? tag.slice('license:'.length) : undefined;
}

export const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;

const unreadable = (subject: string, technical: string): FailureError =>
  new FailureError({ kind: 'download-not-weights', technical, subject });

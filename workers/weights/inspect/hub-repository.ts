/** What a repository of the Hugging Face hub holds, at one commit. */
import { FailureError } from '../../../src/contracts/failure';
import type { WeightsFile } from '../../../src/contracts/weights';
import { fetchJson } from './fetch-json';
import type { Look } from './look';
import { isSafePath } from './safe-path';

export interface HubRepository {
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
export async function readHubRepository(
  hubUrl: string,
  repository: string,
  revision: string,
  look: Look,
): Promise<HubRepository> {
  const api = `${hubUrl.replace(/\/$/, '')}/api/models/${repository}`;
  const info = (await fetchJson(`${api}/revision/${encodeURIComponent(revision)}`, repository, look)).value;
  const commit = field(info, 'sha');
  if (typeof commit !== 'string' || !hex(40).test(commit)) throw unreadable(repository, 'the hub named no commit');
  // By path: a list that names a file twice must not make it two.
  const files = new Map<string, WeightsFile>();
  let next: string | null = `${api}/tree/${commit}?recursive=true`;
  for (let page = 0; next !== null && page < mostPages && files.size < mostFiles; page += 1) {
    const answer = await fetchJson(next, repository, look);
    if (!Array.isArray(answer.value)) throw unreadable(repository, 'the list of files is no list');
    for (const file of answer.value.flatMap((entry: unknown) => fileOf(entry) ?? [])) files.set(file.path, file);
    next = answer.next;
  }
  return { commit, licence: licenceOf(info), files: [...files.values()] };
}

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

function licenceOf(info: unknown): string | undefined {
  const stated = field(field(info, 'cardData'), 'license');
  if (typeof stated === 'string') return stated;
  const tags = field(info, 'tags');
  const tag = Array.isArray(tags)
    ? tags.find((value) => typeof value === 'string' && value.startsWith('license:'))
    : '';
  return typeof tag === 'string' && tag !== '' ? tag.slice('license:'.length) : undefined;
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;

const unreadable = (subject: string, technical: string): FailureError =>
  new FailureError({ kind: 'download-not-weights', technical, subject });

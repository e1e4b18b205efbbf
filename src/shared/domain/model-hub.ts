import { parseUrl } from '../platform/parse-url';

/** A host of models: the Hugging Face hub, a mirror that keeps its paths, or one with paths of its own. */

export const officialHubUrl = 'https://huggingface.co';

/** Stands in an address for a part of it: "https://host/{repo}/resolve/{revision}/{path}". */
const placeholders = ['{repo}', '{revision}', '{path}'] as const;

/** How a host tells which files a repository has. */
export type HubListing =
  /** `/api/models/…` of the Hugging Face hub. */
  | 'huggingface'
  /** `/api/v1/models/…` of ModelScope. */
  | 'modelscope'
  /** A `sotto-manifest.json` beside the files. */
  | 'manifest';

export interface ModelHub {
  /** As it is kept in the settings: an address without "/" at its end, or one with placeholders. */
  readonly address: string;
  readonly origin: string;
  /** With all three placeholders, or without `{revision}` where the host has none. */
  readonly template: string;
  readonly listing: HubListing;
  /** What the API's addresses begin with. */
  readonly base: string;
}

const huggingFaceForm = '/{repo}/resolve/{revision}/{path}';
const modelScopeForm = '/models/{repo}/resolve/{revision}/{path}';
const modelScopeHosts: ReadonlySet<string> = new Set(['modelscope.cn', 'www.modelscope.cn', 'modelscope.ai']);

/**
 * Understands what a person enters as a model host.
 * @returns null for what is no address, or lacks a placeholder without which no file can be named
 */
export function parseHub(text: string): ModelHub | null {
  const given = text.trim().replace(/\/+$/, '') || officialHubUrl;
  const url = parseUrl(given);
  if (!url || !/^https?:$/.test(url.protocol) || url.hash !== '') return null;
  const { origin, hostname } = url;
  if (!placeholders.some((name) => given.includes(name))) {
    if (url.search !== '') return null;
    if (modelScopeHosts.has(hostname) && /^\/?$/.test(url.pathname)) return parseHub(`${origin}${modelScopeForm}`);
    return { address: given, origin, template: given + huggingFaceForm, listing: 'huggingface', base: given };
  }
  if (!given.includes('{repo}') || !given.includes('{path}')) return null;
  const common = { address: given, origin, template: given };
  if (given.endsWith(modelScopeForm))
    return { ...common, listing: 'modelscope', base: given.slice(0, -modelScopeForm.length) };
  if (given.endsWith(huggingFaceForm))
    return { ...common, listing: 'huggingface', base: given.slice(0, -huggingFaceForm.length) };
  return { ...common, listing: 'manifest', base: origin };
}

/** Used until a person names another one. */
export const officialHub: ModelHub = {
  address: officialHubUrl,
  origin: officialHubUrl,
  template: officialHubUrl + huggingFaceForm,
  listing: 'huggingface',
  base: officialHubUrl,
};

/** For an address: each part of a path by itself. */
export const encodePath = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

/**
 * The revision as a host knows it. A commit of the Hugging Face hub means nothing elsewhere, and the names of the branches
 * differ; what arrives is held against its hash all the same.
 */
export function revisionAt({ listing }: ModelHub, revision: string): string {
  const isCommit = /^[0-9a-f]{40}$/.test(revision);
  if (listing === 'modelscope') return isCommit || revision === 'main' ? 'master' : revision;
  return revision === 'master' ? 'main' : revision;
}

/** Address of a file. It may answer with a redirect to an address that expires: always start from here. */
export function hubFileUrl(hub: ModelHub, repository: string, revision: string, path: string): string {
  const values = {
    repo: encodePath(repository),
    revision: encodePath(revisionAt(hub, revision)),
    path: encodePath(path),
  };
  return hub.template.replace(/\{(repo|revision|path)\}/g, (_, name: keyof typeof values) => values[name]);
}

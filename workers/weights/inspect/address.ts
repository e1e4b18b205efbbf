import { FailureError } from '../../../src/shared/protocol/failure';
import type { ModelHub } from '../../../src/shared/domain/model-hub';
import { parseUrl } from '../../../src/shared/platform/parse-url';
import { decodePath } from './decode-path';

export type ModelAddress =
  /** @property path a file, or a folder when it ends without a file's ending; empty for the whole repository */
  | { readonly kind: 'hub'; readonly repository: string; readonly revision: string; readonly path: string }
  /** A file on any other host. */
  | { readonly kind: 'file'; readonly url: string }
  /** A folder on any other host, with "/" at its end. */
  | { readonly kind: 'folder'; readonly url: string };

const hubHosts: ReadonlySet<string> = new Set(['huggingface.co', 'www.huggingface.co', 'hf.co']);
const repositoryName = /^[\w.-]+\/[\w.-]+$/;
const notRepositories = /^(datasets|spaces|docs|blog|models|api|papers|settings)\//;

/**
 * Understands what people paste: a repository's page, a file's page, its download link, "owner/name", or any other address.
 * @param hub the one that is set: its addresses have the same form
 * @throws FailureError `address-not-understood`
 */
export function parseAddress(text: string, hub: ModelHub): ModelAddress {
  const given = text.trim();
  const url = parseUrl(repositoryName.test(given) ? `https://huggingface.co/${given}` : given);
  if (!url || !/^https?:$/.test(url.protocol)) return refuse(given);
  const own = hubHosts.has(url.hostname) ? url.pathname : pathOn(hub, url);
  const path = decodePath(own ?? url.pathname, given).replace(/^\/+|\/+$/g, '');
  const onHub = hubHosts.has(url.hostname) || (own !== null && isRepositoryPath(path));
  if (!onHub) {
    url.hash = '';
    if (/\.gguf$/i.test(path)) return { kind: 'file', url: url.href };
    if (/\.\w{2,5}$/.test(path) && !path.endsWith('.json')) return refuse(given);
    // The address of a file inside an MLC folder means the folder.
    const folder = path.endsWith('.json') ? new URL('.', url) : url;
    folder.search = '';
    return { kind: 'folder', url: folder.href.replace(/\/*$/, '/') };
  }
  const [owner = '', name = '', form, revision = 'main', ...rest] = path.split('/');
  if (owner === '' || name === '' || notRepositories.test(`${path}/`)) return refuse(given);
  if (form !== undefined && !/^(tree|blob|resolve|raw)$/.test(form)) return refuse(given);
  return { kind: 'hub', repository: `${owner}/${name}`, revision, path: rest.join('/') };
}

/** What of an address names a repository at the host that is set, in the hub's own form; null for any other address. */
function pathOn({ base, listing }: ModelHub, { href, pathname }: URL): string | null {
  const repositories = listing === 'modelscope' ? `${base}/models/` : `${base}/`;
  if (listing === 'manifest' || !href.startsWith(repositories)) return null;
  const path = pathname.slice(new URL(repositories).pathname.length);
  // How ModelScope's pages name a file, and a list of files.
  return listing === 'modelscope'
    ? path.replace(/^([^/]+\/[^/]+)\/(?:file\/view|files)/, '$1/blob').replace(/\/(blob|summary)\/?$/, '')
    : path;
}

/** Whether a path on a mirror is one of the hub's: other files may lie there, too. */
const isRepositoryPath = (path: string): boolean =>
  /^[\w.-]+\/[\w.-]+(\/(tree|blob|resolve|raw)\/.+)?$/.test(path) &&
  !/\.gguf$/i.test(path.split('/').slice(0, 2).join('/'));

function refuse(subject: string): never {
  throw new FailureError({
    kind: 'address-not-understood',
    technical: `not an address of a model: ${subject}`,
    subject,
  });
}

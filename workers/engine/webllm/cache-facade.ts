/**
 * What WebLLM takes for the browser's Cache Storage: the files of the one model that is being loaded, straight from the
 * weights store, each read once. Nothing can be added, so the package has no way to the network: `add` is its only one.
 */
import { FailureError } from '../../../src/shared/protocol/failure';
import { isLibraryPath } from '../../../src/shared/domain/mlc';
import type { ReadableFile } from '../../file-content';

interface Facade {
  open(scope: string): Promise<FacadeCache>;
}

export interface FacadeCache {
  match(request: Request | string): Promise<Response | undefined>;
  add(request: Request | string): Promise<never>;
  keys(): Promise<readonly Request[]>;
  delete(): Promise<never>;
}

const addressOf = (request: Request | string): string =>
  new URL(typeof request === 'string' ? request : request.url).href;

const typeOf = (path: string): string => {
  if (path.endsWith('.json')) return 'application/json';
  return isLibraryPath(path) ? 'application/wasm' : 'application/octet-stream';
};

/**
 * @param files by their absolute address
 * @param served told when a file is asked for; asked for twice is read once
 */
export function cacheFacade(
  files: ReadonlyMap<string, ReadableFile>,
  served: (file: ReadableFile) => void = () => undefined,
): Facade {
  const refuse = (what: string, request?: Request | string): never => {
    const subject = request === undefined ? '' : addressOf(request);
    throw new FailureError({ kind: 'file-missing', technical: `${what} ${subject}`, subject: nameOf(subject) });
  };
  const cache: FacadeCache = {
    match: async (request) => {
      const file = files.get(addressOf(request));
      if (!file) return undefined;
      served(file);
      const { path, content } = file;
      return new Response(content instanceof Blob ? content : await content.arrayBuffer(), {
        headers: { 'Content-Type': typeOf(path), 'Content-Length': String(content.size) },
      });
    },
    add: async (request) => refuse('the engine asked the network for', request),
    keys: async () => [...files.keys()].map((url) => new Request(url)),
    delete: async () => refuse('the engine wanted to delete a file'),
  };
  return { open: () => Promise.resolve(cache) };
}

const nameOf = (address: string): string => decodeURIComponent(address.split('/').at(-1) ?? address);

/** Puts the facade in the place of the scope's own `caches`, which an engine has no business with. */
export function installCaches(facade: Facade): void {
  Object.defineProperty(self, 'caches', { value: facade, configurable: true, writable: false });
}

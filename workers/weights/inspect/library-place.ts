/**
 * Where the compiled library of an MLC model is. Published ones lie in a repository on GitHub; a model host may have them
 * beside the weights, or under the path that this repository would have there.
 */
import { type Failure, FailureError } from '../../../src/shared/protocol/failure';
import { isLibraryPath } from '../../../src/shared/domain/mlc';
import { hubFileUrl, officialHubUrl, type ModelHub } from '../../../src/shared/domain/model-hub';
import { parseUrl } from '../../../src/shared/platform/parse-url';
import type { WeightsFile } from '../../../src/shared/protocol/weights';
import { decodePath } from './decode-path';
import { probeFile } from './fetch-json';
import type { Look } from './look';

export interface LibraryPlace {
  readonly file: WeightsFile;
  /** The published address, which names the library wherever it is fetched from. */
  readonly address: string;
}

/** @throws FailureError `address-not-understood` */
export function libraryAddress(text: string): string {
  const url = parseUrl(text.trim());
  if (url && /^https?:$/.test(url.protocol)) {
    // No part of what is asked for.
    url.hash = '';
    return url.href;
  }
  throw new FailureError({ kind: 'address-not-understood', technical: text, subject: text });
}

/** What a library is called where it is stored. What follows "?" is for the host, and not every host calls it ".wasm". */
function libraryName(address: string): string {
  const last = decodePath(new URL(address).pathname.split('/').at(-1) ?? '', address);
  return isLibraryPath(last) ? last : `${last === '' ? 'model' : last}.wasm`;
}

/**
 * Finds a library, and asks how large it is.
 * @param listed what lies beside the weights
 * @param asked the places to ask when it is not there
 * @throws FailureError `library-unreachable` when it is neither at the model host nor where it was published;
 * `address-not-understood`
 */
export async function findLibrary(
  address: string,
  listed: readonly WeightsFile[],
  hub: ModelHub,
  look: Look,
  asked: readonly string[] = placesOf(address, hub),
): Promise<LibraryPlace> {
  const name = libraryName(address);
  const beside = listed.find(({ path }) => path.split('/').at(-1) === name);
  if (beside) return { file: beside, address };
  const failures: Failure[] = [];
  for (const url of asked) {
    try {
      const path = `library/${name}`;
      return { file: { path, url, ...(await probeFile(url, path, look)) }, address };
    } catch (error) {
      // Cancelled, or something that nobody foresaw.
      if (!(error instanceof FailureError)) throw error;
      failures.push(error.failure);
    }
  }
  const [only] = failures;
  if (only && failures.length === 1) throw new FailureError(only);
  throw new FailureError({
    kind: 'library-unreachable',
    technical: failures.map(({ kind, technical }) => `${kind}: ${technical}`).join('; '),
    subject: asked.map((url) => new URL(url).host).join(', '),
  });
}

/**
 * The places to ask, in order: whoever has chosen a model host may not reach any other.
 * @throws FailureError `address-not-understood`
 */
export function placesOf(address: string, hub: ModelHub): readonly string[] {
  const { origin, pathname } = new URL(address);
  const github =
    origin === 'https://raw.githubusercontent.com' ? /^\/([^/]+\/[^/]+)\/([^/]+)\/(.+)$/.exec(pathname) : null;
  const [, repository, revision, path] = github ?? [];
  if (hub.address === officialHubUrl || repository === undefined || revision === undefined || path === undefined)
    return [address];
  return [hubFileUrl(hub, repository, revision, decodePath(path, address)), address];
}

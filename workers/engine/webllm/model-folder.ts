/** Where WebLLM finds each file of a stored model: under an address that no network has. */
import { FailureError } from '../../../src/shared/protocol/failure';
import { isLibraryPath } from '../../../src/shared/domain/mlc';
import { tableNames } from '../../mlc/missing-files';
import type { ReadableFile } from '../../file-content';

/**
 * Absolute, because WebLLM would resolve anything else against the page's origin; https, because it fetches other addresses
 * past its cache; with "/resolve/" in it, because it would add that otherwise.
 */
const host = 'https://weights.invalid';

export interface ModelFolder {
  /** Address of the folder, with "/" at its end. */
  readonly url: string;
  readonly libraryUrl: string;
  readonly files: ReadonlyMap<string, ReadableFile>;
  /** `mlc-chat-config.json`, parsed. */
  readonly config: unknown;
  /** `tensor-cache.json`. */
  readonly table: ReadableFile;
}

/** @throws FailureError `file-missing`, `library-missing`, `weights-damaged` */
export async function modelFolder(modelId: string, files: readonly ReadableFile[]): Promise<ModelFolder> {
  const url = `${host}/${encodeURIComponent(modelId)}/resolve/stored/`;
  const prefix = folderOf(files);
  const byAddress = new Map<string, ReadableFile>();
  const put = (name: string, file: ReadableFile): void => void byAddress.set(new URL(name, url).href, file);
  const inside = new Map<string, ReadableFile>();
  for (const file of files) if (file.path.startsWith(prefix)) inside.set(file.path.slice(prefix.length), file);
  for (const [name, file] of inside) put(name, file);
  const table = tableNames.map((name) => inside.get(name)).find((file) => file !== undefined);
  if (!table) throw missing('tensor-cache.json');
  for (const name of tableNames) put(name, table);
  const library = files.find(({ path }) => isLibraryPath(path));
  if (!library)
    throw new FailureError({ kind: 'library-missing', technical: `${modelId} was stored without a model library` });
  const libraryUrl = `${host}/library/${encodeURIComponent(library.path.split('/').at(-1) ?? '')}`;
  byAddress.set(libraryUrl, library);
  const config = inside.get('mlc-chat-config.json');
  if (!config) throw missing('mlc-chat-config.json');
  return { url, libraryUrl, files: byAddress, config: await parseFile(config), table };
}

/** Weights may lie in a folder of their repository. */
function folderOf(files: readonly ReadableFile[]): string {
  const config = files.find(({ path }) => /(^|\/)mlc-chat-config\.json$/.test(path));
  return config ? config.path.slice(0, -'mlc-chat-config.json'.length) : '';
}

/** @throws FailureError `weights-damaged` */
export async function parseFile({ path, content }: ReadableFile): Promise<unknown> {
  try {
    return JSON.parse(new TextDecoder().decode(await content.arrayBuffer())) as unknown;
  } catch (error) {
    throw new FailureError({ kind: 'weights-damaged', technical: `${path}: ${String(error)}`, subject: path });
  }
}

const missing = (subject: string): FailureError =>
  new FailureError({ kind: 'file-missing', technical: `${subject} is not among the files`, subject });

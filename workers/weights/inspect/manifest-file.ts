/** `sotto-manifest.json`: what lies in a folder of weights, for hosts that have no API to ask, and for exports to disk. */
import { FailureError } from '../../../src/shared/protocol/failure';
import type { Senses } from '../../../src/shared/domain/senses';
import type { WeightsFile, WeightsFormat } from '../../../src/shared/protocol/weights';
import { isSafePath } from './safe-path';

export const manifestFileName = 'sotto-manifest.json';

export interface ManifestFile {
  readonly version: 1;
  readonly name: string;
  readonly format: WeightsFormat;
  readonly licence?: string;
  readonly files: readonly WeightsFile[];
  /** For GGUF: which of the files lets the model see or hear. */
  readonly projector?: Senses & { readonly path: string };
}

const mostFiles = 10_000;

/**
 * Reads a manifest that somebody else wrote.
 * @param origin named in the failure
 * @throws FailureError `download-not-weights` with the first thing that is wrong
 */
export function parseManifestFile(value: unknown, origin: string): ManifestFile {
  const refuse = (technical: string): never => {
    throw new FailureError({
      kind: 'download-not-weights',
      technical: `${origin}: ${technical}`,
      subject: manifestFileName,
    });
  };
  if (typeof value !== 'object' || value === null) return refuse('not an object');
  const { version, name, format, licence, files, projector: named } = value as Record<string, unknown>;
  if (version !== 1) return refuse(`version ${String(version)}`);
  if (typeof name !== 'string' || name === '' || name.length > 200) return refuse('no name');
  if (format !== 'gguf' && format !== 'mlc') return refuse(`format ${String(format)}`);
  if (!Array.isArray(files) || files.length === 0 || files.length > mostFiles) return refuse('no list of files');
  const listed = files.map((file: unknown) => readFile(file) ?? refuse(`file ${JSON.stringify(file)?.slice(0, 200)}`));
  if (new Set(listed.map(({ path }) => path)).size < listed.length) return refuse('a path occurs twice');
  const projector = named === undefined ? undefined : (readProjector(named, listed) ?? refuse('projector'));
  return {
    version,
    name,
    format,
    ...(typeof licence === 'string' && { licence: licence.slice(0, 200) }),
    files: listed,
    ...(projector && { projector }),
  };
}

function readProjector(named: unknown, files: readonly WeightsFile[]): ManifestFile['projector'] | null {
  if (typeof named !== 'object' || named === null) return null;
  const { path, sees, hears } = named as Record<string, unknown>;
  const isListed = files.some((file) => file.path === path) && files.length > 1;
  return typeof path === 'string' && isListed && typeof sees === 'boolean' && typeof hears === 'boolean'
    ? { path, sees, hears }
    : null;
}

function readFile(file: unknown): WeightsFile | null {
  if (typeof file !== 'object' || file === null) return null;
  const { path, bytes, sha256 } = file as Record<string, unknown>;
  if (typeof path !== 'string' || !isSafePath(path)) return null;
  if (typeof bytes !== 'number' || !Number.isSafeInteger(bytes) || bytes < 0) return null;
  if (sha256 === undefined) return { path, bytes };
  return typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256) ? { path, bytes, sha256 } : null;
}

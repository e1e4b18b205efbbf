/** `sotto-manifest.json`: what lies in a folder of weights, for hosts that have no API to ask, and for exports to disk. */
import { FailureError } from '../../../src/shared/protocol/failure';
import type { WeightsFile, WeightsFormat } from '../../../src/shared/protocol/weights';
import { isSafePath } from './safe-path';

export const manifestFileName = 'sotto-manifest.json';

export interface ManifestFile {
  readonly version: 1;
  readonly name: string;
  readonly format: WeightsFormat;
  readonly licence?: string;
  readonly files: readonly WeightsFile[];
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
  const { version, name, format, licence, files } = value as Record<string, unknown>;
  if (version !== 1) return refuse(`version ${String(version)}`);
  if (typeof name !== 'string' || name === '' || name.length > 200) return refuse('no name');
  if (format !== 'gguf' && format !== 'mlc') return refuse(`format ${String(format)}`);
  if (!Array.isArray(files) || files.length === 0 || files.length > mostFiles) return refuse('no list of files');
  const listed = files.map((file: unknown) => readFile(file) ?? refuse(`file ${JSON.stringify(file)?.slice(0, 200)}`));
  if (new Set(listed.map(({ path }) => path)).size < listed.length) return refuse('a path occurs twice');
  return {
    version,
    name,
    format,
    ...(typeof licence === 'string' && { licence: licence.slice(0, 200) }),
    files: listed,
  };
}

function readFile(file: unknown): WeightsFile | null {
  if (typeof file !== 'object' || file === null) return null;
  const { path, bytes, sha256 } = file as Record<string, unknown>;
  if (typeof path !== 'string' || !isSafePath(path)) return null;
  if (typeof bytes !== 'number' || !Number.isSafeInteger(bytes) || bytes < 0) return null;
  if (sha256 === undefined) return { path, bytes };
  return typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256) ? { path, bytes, sha256 } : null;
}

/** Models that the hub of the tests makes up, and their manifests. */
import type { WeightsManifest } from '../../../src/shared/protocol/weights';
import { contentFrom, sha256Of } from '../../../tests/fixtures/hub/content';
import type { Hub } from '../../../tests/fixtures/hub/hub-server';

export interface HubModel {
  readonly manifest: WeightsManifest;
  /** Addresses of its files, in the order of the manifest. */
  readonly urls: readonly string[];
}

interface MadeUpFile {
  readonly path: string;
  readonly bytes: number;
  readonly seed: number;
}

/** Adds a repository. Its hashes are worked out now: the hub must not be busy with that while it is being measured. */
export async function addModel(
  hub: Hub,
  repository: string,
  format: WeightsManifest['format'],
  made: readonly MadeUpFile[],
): Promise<HubModel> {
  const contents = made.map(({ path, bytes, seed }) => ({ path, content: { bytes, seed } }));
  const commit = hub.addRepository({ id: repository, files: contents });
  const files = await Promise.all(
    contents.map(async ({ path, content }) => ({
      path,
      bytes: content.bytes,
      sha256: await sha256Of(contentFrom(content)),
    })),
  );
  const source = { kind: 'hub', repository, commit } as const;
  return {
    manifest: { modelId: repository, name: repository, format, source, files },
    urls: files.map(({ path }) => `${hub.origin}/${repository}/resolve/${commit}/${path}`),
  };
}

/** One large file, as a GGUF model has it. */
export const addLargeFile = (hub: Hub, repository: string, bytes: number, seed: number): Promise<HubModel> =>
  addModel(hub, repository, 'gguf', [{ path: 'model.gguf', bytes, seed }]);

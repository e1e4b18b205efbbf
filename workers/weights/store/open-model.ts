import { FailureError } from '../../../src/shared/protocol/failure';
import { whileReading } from '../model-locks';
import type { ReadableFile } from '../../file-content';
import type { WeightsStore } from './weights-store';

/**
 * Runs `work` on the files of a model, in the order of its manifest, while nobody may delete or repair them.
 * @throws FailureError `weights-incomplete` for a model that is not ready, `weights-damaged` when a chunk is missing
 */
export async function withStoredFiles<T>(
  store: WeightsStore,
  modelId: string,
  work: (files: readonly ReadableFile[]) => Promise<T>,
): Promise<T> {
  const incomplete = (technical: string): FailureError => new FailureError({ kind: 'weights-incomplete', technical });
  const result = await whileReading(modelId, async () => {
    const record = await store.model(modelId);
    if (record?.state !== 'ready' || record.removedAt !== undefined)
      throw incomplete(`${modelId} is ${record?.state ?? 'unknown'}`);
    const files: ReadableFile[] = [];
    for (const [index, { path, sha256 }] of record.manifest.files.entries()) {
      const content = await store.content(record.fileKeys[index] ?? '');
      if (!content)
        throw new FailureError({ kind: 'weights-damaged', technical: `chunks of ${path} are missing`, subject: path });
      files.push({ path, content, ...(sha256 !== undefined && { sha256 }) });
    }
    return { value: await work(files) };
  });
  if (!result) throw incomplete(`${modelId} is being changed by another tab`);
  return result.value;
}

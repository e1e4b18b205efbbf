/** What a model takes with the projector beside it, before either of them is fetched. */
import { FailureError, type FailureKind } from '../../../src/shared/protocol/failure';
import type { ModelHub } from '../../../src/shared/domain/model-hub';
import type { Inspection, WeightsManifest } from '../../../src/shared/protocol/weights';
import { isProjector, projectorFacts } from '../../gguf/projector';
import { soundHeader } from '../../gguf/sound-header';
import { RangesIgnored } from '../download/passing-trouble';
import type { Found } from './find-on-web';
import type { Look } from './look';
import { fileSource } from './remote-source';

/** A header of a model with a large vocabulary has up to 10 MB: few requests for it, and an end for a hostile one. */
export const headerLimits = { windowBytes: 2 * 1024 ** 2, headerBytes: 64 * 1024 ** 2 };

/** What is wrong with the file itself. A host that is down says nothing about it. */
const ofTheFile: ReadonlySet<FailureKind> = new Set([
  'file-not-gguf',
  'file-truncated',
  'projector-mismatch',
  'download-not-found',
  'download-not-weights',
]);

export const withoutFile = (manifest: WeightsManifest, path: string | undefined): WeightsManifest => ({
  ...manifest,
  files: manifest.files.filter((file) => file.path !== path),
});

/**
 * The pair, with what its projector says of itself. One that cannot be read is left where it is, and that is told: the model takes
 * words all the same.
 * @throws FailureError of the host, or the reason of the look's signal
 */
export async function withSenses(
  manifest: WeightsManifest,
  { path, senses: stated }: NonNullable<Found['projector']>,
  hub: ModelHub,
  look: Look,
): Promise<Pick<Extract<Inspection, { kind: 'model' }>, 'manifest' | 'withoutProjector'>> {
  const file = manifest.files.find((entry) => entry.path === path);
  if (!file) return { manifest };
  try {
    const header = await soundHeader(fileSource(manifest, file, hub, look), 0, headerLimits);
    if (!isProjector(header))
      throw new FailureError({ kind: 'projector-mismatch', technical: `${path} is a model`, subject: path });
    const { sees, hears } = projectorFacts(header);
    return { manifest: { ...manifest, projector: { path, sees, hears } } };
  } catch (error) {
    if (look.signal.aborted) throw error;
    if (error instanceof RangesIgnored)
      return stated
        ? { manifest: { ...manifest, projector: { path, sees: stated.sees, hears: stated.hears } } }
        : { manifest: withoutFile(manifest, path), withoutProjector: { path } };
    if (!(error instanceof FailureError) || !ofTheFile.has(error.failure.kind)) throw error;
    return { manifest: withoutFile(manifest, path), withoutProjector: { path, failure: error.failure } };
  }
}

/** The engines beside our own that models on this device need: large parts of the app, kept for use offline only then. */
import { llamaCppPart, type ReleasePart } from '../../shared/protocol/app-release';
import type { LoadedModel } from '../../shared/protocol/engine';
import type { LoadSettings } from '../../shared/domain/engine-choice';
import { llamaCppBuild } from '../../shared/platform/llama-cpp-build';
import type { ModelDescriptor } from '../../shared/domain/model';
import type { WeightsManifest } from '../../shared/protocol/weights';
import { cpuEngineOf } from '../../engine/choose-engine';

export interface ModelsHere {
  /** Those in the store, and those on their way there, with what a person wants of each. */
  readonly stored: readonly { readonly manifest: WeightsManifest; readonly settings: LoadSettings }[];
  readonly chosen: Pick<ModelDescriptor, 'engine'>;
  readonly loaded: Pick<LoadedModel, 'engine'> | null;
}

const needsLlamaCpp = ({ manifest: { format, gguf, projector }, settings }: ModelsHere['stored'][number]): boolean => {
  if (format === 'mlc') return false;
  const { backend, cpuEngine } = settings;
  const architecture = gguf?.architecture;
  return (
    backend === 'webgpu' ||
    cpuEngineOf({
      ...(cpuEngine && { cpuEngine }),
      ...(architecture !== undefined && { architecture }),
      ...(projector && { senses: projector }),
    }) === 'llama.cpp'
  );
};

export function wantedEngines({ stored, chosen, loaded }: ModelsHere): readonly ReleasePart[] {
  const build = llamaCppBuild();
  const llamaCpp = loaded?.engine === 'llama.cpp' || stored.some(needsLlamaCpp);
  const webLlm = chosen.engine === 'webllm' || stored.some(({ manifest }) => manifest.format === 'mlc');
  return [...(llamaCpp && build !== null ? [llamaCppPart[build]] : []), ...(webLlm ? ['webllm' as const] : [])];
}

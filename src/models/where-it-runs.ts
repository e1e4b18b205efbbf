import type { DeviceFacts } from '../shared/domain/device';
import type { WebLlmBuild } from '../shared/domain/engine-choice';
import type { ModelDescriptor } from '../shared/domain/model';
import { chooseEngine, gpuKey } from '../engine/choose-engine';
import { backendTrials } from '../engine/device-memory';
import { choiceText } from '../text/choice-text';

/** Which engine computes the model here, where, and why, in words. @param builds of it for WebLLM that are stored as well */
export const whereItRuns = (
  model: Pick<ModelDescriptor, 'id' | 'engine' | 'bytes' | 'backend' | 'cpuEngine' | 'architecture' | 'senses'>,
  device: DeviceFacts,
  builds: readonly WebLlmBuild[] = [],
): string => choiceText(chooseEngine(model, device, backendTrials.get(gpuKey(model.id, device)), builds));

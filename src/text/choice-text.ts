/** The one place that turns the choice of an engine into words. */
import type { EngineChoice } from '../contracts/engine-choice';
import { engineInSentence } from './engine-title';
import { formatRate } from './formatting';
import { m } from './paraglide/messages.js';

export function choiceText({ engine: kind, backend, reason }: EngineChoice): string {
  const engine = engineInSentence(kind);
  switch (reason.kind) {
    case 'mlc-needs-gpu':
      return m.choice_mlc();
    case 'small':
      return m.choice_small({ engine });
    case 'person':
      return backend === 'webgpu' ? m.choice_person_gpu() : m.choice_person_cpu({ engine });
    case 'no-gpu':
      return m.choice_no_gpu({ engine });
    case 'no-jspi':
      return m.choice_no_jspi({ engine });
    case 'gpu-lacks-f16':
      return m.choice_no_f16({ engine });
    case 'gpu-is-software':
      return m.choice_software({ engine });
    case 'mobile':
      return m.choice_mobile({ engine });
    case 'measured': {
      const rates = { cpu: formatRate(reason.cpu), gpu: formatRate(reason.gpu) };
      return backend === 'webgpu' ? m.choice_measured_gpu(rates) : m.choice_measured_cpu({ ...rates, engine });
    }
    case 'gpu-failed':
      return m.choice_gpu_failed({ engine });
    case 'to-be-measured':
      return m.choice_to_measure({ engine });
  }
}

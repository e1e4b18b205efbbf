/** The one place that turns the choice of an engine into words. */
import type { EngineChoice } from '../contracts/engine-choice';
import { formatRate } from './formatting';
import { m } from './paraglide/messages.js';

export function choiceText({ backend, reason }: EngineChoice): string {
  switch (reason.kind) {
    case 'mlc-needs-gpu':
      return m.choice_mlc();
    case 'small':
      return m.choice_small();
    case 'person':
      return backend === 'webgpu' ? m.choice_person_gpu() : m.choice_person_cpu();
    case 'no-gpu':
      return m.choice_no_gpu();
    case 'no-jspi':
      return m.choice_no_jspi();
    case 'gpu-lacks-f16':
      return m.choice_no_f16();
    case 'gpu-is-software':
      return m.choice_software();
    case 'mobile':
      return m.choice_mobile();
    case 'measured': {
      const rates = { cpu: formatRate(reason.cpu), gpu: formatRate(reason.gpu) };
      return backend === 'webgpu' ? m.choice_measured_gpu(rates) : m.choice_measured_cpu(rates);
    }
    case 'gpu-failed':
      return m.choice_gpu_failed();
    case 'to-be-measured':
      return m.choice_to_measure();
  }
}

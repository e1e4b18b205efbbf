/** The one place that turns the choice of an engine into words. */
import type { ChoiceReason, EngineChoice } from '../shared/domain/engine-choice';
import { engineInSentence } from './engine-title';
import { formatRate } from './formatting';
import { m } from './paraglide/messages.js';

export function choiceText({ engine: kind, backend, reason, build }: EngineChoice): string {
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
    case 'measured':
      return measuredText(kind, backend, reason, build?.quantization ?? '');
    case 'gpu-failed':
      return m.choice_gpu_failed({ engine });
    case 'to-be-measured': {
      if (!build) return m.choice_to_measure({ engine });
      const inputs = { engine, build: build.quantization };
      return reason.gpu ? m.choice_to_measure_all(inputs) : m.choice_to_measure_webllm(inputs);
    }
  }
}

type Measured = Extract<ChoiceReason, { kind: 'measured' }>;

/** How fast the chosen way is, and behind it all others that were tried. */
function measuredText(
  kind: EngineChoice['engine'],
  backend: EngineChoice['backend'],
  { cpu, gpu, webLlm }: Measured,
  build: string,
): string {
  const others = (...ways: readonly (string | null)[]): string => {
    const [first = '', second] = ways.filter((way) => way !== null);
    return second === undefined ? first : m.choice_two_ways({ first, second });
  };
  const onCpu = wayText(m.choice_way_cpu(), cpu);
  const onGpu = wayText(m.choice_way_gpu(), gpu);
  const onWebLlm = wayText(m.choice_way_webllm(), webLlm);
  if (backend === 'cpu') {
    const engine = engineInSentence(kind);
    return m.choice_measured_cpu({ engine, rate: formatRate(cpu ?? 0), others: others(onGpu, onWebLlm) });
  }
  if (kind === 'webllm')
    return m.choice_measured_webllm({ build, rate: formatRate(webLlm ?? 0), others: others(onGpu, onCpu) });
  return m.choice_measured_gpu({ rate: formatRate(gpu ?? 0), others: others(onWebLlm, onCpu) });
}

/** Null for what was not tried. */
function wayText(way: string, rate: number | null | undefined): string | null {
  if (rate === undefined) return null;
  return rate === null ? m.choice_way_failed({ way }) : m.choice_way_rate({ way, rate: formatRate(rate) });
}

/** Names of profiles, stages and tests. */
import type { BenchmarkResult, ResultTest } from '../statistics/result';
import { formatCount, formatMoment } from '../../text/formatting';
import { m } from '../../text/paraglide/messages.js';
import type { RunPhase } from '../run/job-parts';

const profiles: Readonly<Record<BenchmarkResult['profile'], () => string>> = {
  quick: m.profile_quick,
  standard: m.profile_standard,
  sustained: m.profile_sustained,
  comparison: m.bench_compare,
};

const phases: Readonly<Record<RunPhase, () => string>> = {
  preparing: m.bench_phase_preparing,
  loading: m.bench_phase_loading,
  clock: m.bench_phase_clock,
  answer: m.bench_phase_answer,
  ceiling: m.bench_phase_ceiling,
  'warm-up': m.bench_phase_warm_up,
  measuring: m.bench_phase_measuring,
  recovery: m.bench_phase_recovery,
  'ceiling-again': m.bench_phase_ceiling_again,
  chat: m.bench_phase_chat,
};

export const profileName = (profile: BenchmarkResult['profile']): string => profiles[profile]();
export const phaseWords = (phase: RunPhase): string => phases[phase]();

export function testWords({ kind, n_prompt: prompt, n_gen: generated, n_depth: depth }: ResultTest): string {
  // Names as llama-bench writes them: "pp1024" has no comma.
  if (kind === 'pp') return m.bench_test_reading({ tokens: String(prompt) });
  const tokens = String(generated);
  return depth > 0 ? m.bench_test_deep({ tokens, depth: String(depth) }) : m.bench_test_writing({ tokens });
}

export function placeWords({ engine }: BenchmarkResult): string {
  if (engine.backend_effective === 'webgpu') return m.bench_result_backend();
  if (engine.backend_effective === 'webgpu-software') return m.bench_result_backend_software();
  if (engine.backend_effective === 'server') return m.bench_result_server();
  return m.bench_result_cpu({ threads: formatCount(engine.threads) });
}

/** In a name: two runs of one model on one day differ by it. */
export function placeName({ engine }: BenchmarkResult): string {
  if (engine.backend_effective === 'webgpu') return 'WebGPU';
  if (engine.backend_effective === 'webgpu-software') return m.bench_place_software();
  if (engine.backend_effective === 'server') return m.bench_place_server();
  return m.bench_place_cpu({ threads: formatCount(engine.threads) });
}

export const momentOf = ({ started }: Pick<BenchmarkResult, 'started'>): string => formatMoment(Date.parse(started));

/** Words for everything that may speak against a result. */
import type { GradeReason, RepCause, SkipReason } from '../../shared/domain/benchmark/reasons';
import { m } from '../../text/paraglide/messages.js';

const grades: Readonly<Record<GradeReason, () => string>> = {
  'quick-profile': m.bench_reason_quick_profile,
  'sustained-profile': m.bench_reason_sustained_profile,
  'comparison-profile': m.bench_reason_comparison_profile,
  'on-battery': m.bench_reason_on_battery,
  'power-saver': m.bench_reason_power_saver,
  'battery-low': m.bench_reason_battery_low,
  'timer-coarse': m.bench_reason_timer_coarse,
  'timer-very-coarse': m.bench_reason_timer_very_coarse,
  'not-isolated': m.bench_reason_not_isolated,
  unfocused: m.bench_reason_unfocused,
  'few-repetitions': m.bench_reason_few_repetitions,
  'wide-interval': m.bench_reason_wide_interval,
  'very-wide-interval': m.bench_reason_very_wide_interval,
  'invalid-repetitions': m.bench_reason_invalid_repetitions,
  'answer-unchecked': m.bench_reason_answer_unchecked,
  'wrong-answer': m.bench_reason_wrong_answer,
  'engine-unchecked': m.bench_reason_engine_unchecked,
  'engine-disagrees': m.bench_reason_engine_disagrees,
  'engine-disagrees-much': m.bench_reason_engine_disagrees_much,
  'count-mismatch': m.bench_reason_count_mismatch,
  'busy-at-start': m.bench_reason_busy_at_start,
  contention: m.bench_reason_contention,
  pressure: m.bench_reason_pressure,
  drift: m.bench_reason_drift,
  throttled: m.bench_reason_throttled,
  stalls: m.bench_reason_stalls,
  'software-gpu': m.bench_reason_software_gpu,
  'other-backend': m.bench_reason_other_backend,
  'faster-than-possible': m.bench_reason_faster_than_possible,
  'limit-uncertain': m.bench_reason_limit_uncertain,
  'model-deleted': m.bench_reason_model_deleted,
  stopped: m.bench_reason_stopped,
  'broke-off': m.bench_reason_broke_off,
  interrupted: m.bench_reason_interrupted,
  'nothing-valid': m.bench_reason_nothing_valid,
};

const causes: Readonly<Record<RepCause, () => string>> = {
  hidden: m.bench_cause_hidden,
  frozen: m.bench_cause_frozen,
  'clock-jump': m.bench_cause_clock_jump,
  'clock-backwards': m.bench_cause_clock_backwards,
  'cache-hit': m.bench_cause_cache_hit,
  'too-fast': m.bench_cause_too_fast,
  'ended-early': m.bench_cause_ended_early,
  'count-wrong': m.bench_cause_count_wrong,
  'depth-wrong': m.bench_cause_depth_wrong,
  stopped: m.bench_cause_stopped,
};

const skips: Readonly<Record<SkipReason, () => string>> = {
  'too-slow': m.bench_skip_too_slow,
  context: m.bench_skip_context,
  depth: m.bench_skip_depth,
  'ended-early': m.bench_skip_ended_early,
  invalid: m.bench_skip_invalid,
};

export const reasonWords = (reason: GradeReason): string => grades[reason]();
export const causeWords = (cause: RepCause): string => causes[cause]();
export const skipWords = (reason: SkipReason): string => skips[reason]();

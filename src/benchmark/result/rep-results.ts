/** From a repetition as it was measured to one as it is kept: judged, with all that speaks against it. */
import { rateOf, tagsOf, timesOf } from '../../shared/domain/benchmark/validity';
import type { RawRep } from '../../shared/protocol/benchmark';
import type { RepCause, RepTag } from '../../shared/domain/benchmark/reasons';
import type { ResultRep } from '../statistics/result';
import { timeToFirstToken, tokenIntervals } from '../../shared/domain/benchmark/token-times';
import type { Disturbance, DisturbanceKind } from './observations';
import { encodeSeries } from './token-series';

export interface RunContext {
  /** ms of the page's clock at which the worker's clock was 0. */
  readonly workerZero: number;
  /** ms of the page's clock at which the run began. */
  readonly startedAt: number;
  readonly disturbances: readonly Disturbance[];
  readonly usualCanaryMs: number;
  readonly arrivalRate: (order: number) => number | null;
}

const causeOf: Partial<Record<DisturbanceKind, RepCause>> = { hidden: 'hidden', frozen: 'frozen' };
const tagOf: Partial<Record<DisturbanceKind, RepTag>> = {
  'long-task': 'long-task',
  unfocused: 'unfocused',
  pressure: 'pressure',
};

const distinct = <T>(values: readonly (T | undefined)[]): T[] => [
  ...new Set(values.filter((value): value is T => value !== undefined)),
];

export async function repResult(rep: RawRep, context: RunContext): Promise<ResultRep> {
  const from = context.workerZero + rep.requestedAt;
  const to = context.workerZero + rep.endedAt;
  const seen = context.disturbances.filter((disturbance) => disturbance.from < to && disturbance.to > from);
  const reasons = distinct([...rep.causes, ...seen.map(({ kind }) => causeOf[kind])]);
  const tags = distinct([...tagsOf(rep, context.usualCanaryMs), ...seen.map(({ kind }) => tagOf[kind])]);
  const times = timesOf(rep);
  const last = rep.stamps.at(-1) ?? rep.endedAt;
  const first = rep.shape.kind === 'pp' ? rep.requestedAt : (rep.stamps[0] ?? rep.requestedAt);
  return {
    valid: reasons.length === 0,
    reasons,
    tags,
    order: rep.order,
    t_start: seconds(from - context.startedAt),
    n: rep.shape.kind === 'pp' ? (rep.promptTokens ?? 0) : Math.max(0, rep.generated - (rep.chunkTokens?.[0] ?? 1)),
    ns: Math.max(0, Math.round((last - first) * 1e6)),
    ts: rateOf(rep),
    ttft_ms: timeToFirstToken(times),
    ...(rep.shape.kind === 'tg' && rep.stamps.length > 1 && (await encodeSeries(tokenIntervals(times)))),
    user_ts: rep.shape.kind === 'tg' ? context.arrivalRate(rep.order) : null,
    canary_ms: rep.canaryMs,
    engine: rep.engine && {
      prompt_n: rep.engine.promptTokens,
      prompt_ms: rep.engine.promptMs,
      predicted_n: rep.engine.generatedTokens,
      intervals: rep.engine.intervals,
      predicted_ms: rep.engine.decodeMs,
      cache_n: rep.cachedTokens,
    },
  };
}

const seconds = (milliseconds: number): number => Math.round(milliseconds) / 1000;

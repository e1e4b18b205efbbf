/** One repetition of one test: asks the engine, stamps, counts, and says why it does not count if it does not. */
import type { RawRep } from '../../src/shared/protocol/benchmark';
import type { TestShape } from '../../src/shared/domain/benchmark/shapes';
import { causesOf, type Measured } from '../../src/shared/domain/benchmark/validity';
import type { RunnerParts } from './runner-parts';
import { orStopped } from './stop';

/** Between two messages about tokens, ms: as often as a chat sends its text, so that the user's side costs the same here. */
const tellEveryMs = 40;

export interface Repetition {
  readonly shape: TestShape;
  readonly order: number;
  readonly warmUp: boolean;
  readonly seed: number;
  /** As the warm-up found it; null before. */
  readonly prefillRate: number | null;
}

type Core = Pick<
  RawRep,
  | 'requestedAt'
  | 'endedAt'
  | 'stamps'
  | 'chunkTokens'
  | 'promptTokens'
  | 'cachedTokens'
  | 'engine'
  | 'wanted'
  | 'generated'
>;

/** @throws Stopped; FailureError and whatever else the engine throws */
export async function measureRepetition(
  parts: RunnerParts,
  repetition: Repetition,
  signal: AbortSignal,
): Promise<RawRep> {
  const { clock, page } = parts;
  const { shape, order, warmUp, prefillRate } = repetition;
  const canaryMs = parts.canary();
  const timesHidden = page.timesHidden;
  const wasVisible = page.state.visible;
  let pressed = page.state.pressed;
  const before = { now: clock.now(), wall: clock.wall() };
  const core = await orStopped(
    shape.kind === 'pp' ? readPrompt(parts, repetition, signal) : writeTokens(parts, repetition, signal),
    signal,
  );
  pressed ||= page.state.pressed;
  const wallDriftMs = clock.wall() - before.wall - (clock.now() - before.now);
  const measured: Measured = { ...core, order, shape, warmUp, canaryMs, pressed };
  const hidden = !wasVisible || !page.state.visible || page.timesHidden !== timesHidden;
  return { ...measured, causes: causesOf(measured, { prefillRate, wallDriftMs, hidden, stopped: false }) };
}

async function readPrompt(
  { engine, clock }: RunnerParts,
  { shape, seed }: Repetition,
  signal: AbortSignal,
): Promise<Core> {
  const calledAt = clock.now();
  const measured = await engine.measurePrefill(shape.tokens, { seed, signal });
  const endedAt = clock.now();
  // What the engine needs around the measurement, such as correcting a prompt of the wrong length, is not part of it; a
  // clock that went back is told by a beginning after the end.
  const requestedAt = endedAt < calledAt ? calledAt : endedAt - measured.milliseconds;
  return {
    requestedAt,
    endedAt,
    stamps: [endedAt],
    chunkTokens: null,
    promptTokens: measured.tokens,
    cachedTokens: measured.cachedTokens ?? null,
    engine: measured.engine ?? null,
    wanted: 0,
    generated: 0,
  };
}

async function writeTokens(
  { engine, clock, post }: RunnerParts,
  { shape, seed, order, warmUp }: Repetition,
  signal: AbortSignal,
): Promise<Core> {
  const calledAt = clock.now();
  // One more than is timed: n intervals lie between n + 1 tokens.
  const wanted = shape.tokens + 1;
  let toldAt = -Infinity;
  const onTokens = (tokens: number): void => {
    const now = clock.now();
    if (tokens < wanted && now - toldAt < tellEveryMs) return;
    toldAt = now;
    post({ type: 'tokens', order, tokens });
  };
  const measured = await engine.measureDecode(wanted, {
    seed,
    signal,
    ...(shape.depth > 0 && { depth: shape.depth }),
    ...(!warmUp && { onTokens }),
  });
  const endedAt = clock.now();
  const chunks = measured.chunkTokens ?? null;
  return {
    requestedAt: measured.requestedAt ?? calledAt,
    endedAt: Math.max(endedAt, measured.timestamps.at(-1) ?? endedAt),
    stamps: measured.timestamps,
    chunkTokens: chunks,
    promptTokens: measured.depthTokens ?? null,
    cachedTokens: null,
    engine: measured.engine ?? null,
    wanted,
    generated: chunks ? chunks.reduce((sum, chunk) => sum + chunk, 0) : measured.timestamps.length,
  };
}

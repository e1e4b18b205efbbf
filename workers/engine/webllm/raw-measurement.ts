/** The two primitives of the benchmark on the GPU: exactly n tokens in, exactly n tokens out, with no template around them. */
import type { EngineTimings } from '../../../src/shared/protocol/measurement';
import type { DecodeMeasurement, PrefillMeasurement } from '../../../src/shared/protocol/engine';
import { refuse } from '../check-request';
import type { MeasureControl } from '../engine';
import { mulberry32 } from '../seeded-random';
import type { EngineInternals } from './engine-internals';
import type { MlcEngine } from './web-llm-package';

/** A token of plain text in every vocabulary, for where the tokenizer cannot be asked. */
const anyToken = 64;
const usualSeed = 1337;
/** The shortest prompt: a single token would be read by the program that writes. */
const shortestPrompt = 2;

export async function measurePrefill(
  engine: MlcEngine,
  internals: EngineInternals,
  tokens: number,
  { seed = usualSeed }: MeasureControl,
): Promise<PrefillMeasurement> {
  checkCount(tokens, internals);
  const prompt = promptOf(internals, tokens, seed);
  return internals.greedily(async () => {
    await engine.resetChat();
    const cached = internals.filledTokens;
    const startedAt = performance.now();
    await engine.forwardTokensAndSample(prompt, true);
    const milliseconds = performance.now() - startedAt;
    const filled = internals.filledTokens;
    const timings = timingsOf(internals, 0);
    return {
      tokens: filled === null || cached === null ? tokens : filled - cached,
      milliseconds,
      ...(cached !== null && { cachedTokens: cached }),
      ...(timings && { engine: timings }),
    };
  });
}

/** @param alive told after each token, as a sign of life */
export async function measureDecode(
  engine: MlcEngine,
  internals: EngineInternals,
  tokens: number,
  { seed = usualSeed, depth = 0, signal, onTokens }: MeasureControl,
  alive: () => void,
): Promise<DecodeMeasurement> {
  const prompt = promptOf(internals, Math.max(shortestPrompt, depth), seed);
  checkCount(prompt.length + tokens - 1, internals);
  checkCount(tokens, internals);
  return internals.greedily(async () => {
    await engine.resetChat();
    const timestamps: number[] = [];
    const requestedAt = performance.now();
    let token = await engine.forwardTokensAndSample(prompt, true);
    const depthTokens = internals.filledTokens ?? prompt.length;
    for (;;) {
      timestamps.push(performance.now());
      alive();
      onTokens?.(timestamps.length);
      // The first token came with the prompt: n tokens are n - 1 more.
      if (timestamps.length >= tokens || signal?.aborted) break;
      token = await engine.forwardTokensAndSample([token], false);
    }
    const timings = timingsOf(internals, timestamps.length);
    return { timestamps, requestedAt, depthTokens, ...(timings && { engine: timings }) };
  });
}

/** What the package counted since `resetChat`, which begins its counts anew. */
function timingsOf({ stats }: EngineInternals, generatedTokens: number): EngineTimings | null {
  return (
    stats && {
      promptTokens: stats.prefillTokens,
      promptMs: 1000 * stats.prefillSeconds,
      generatedTokens,
      intervals: stats.decodeTokens,
      decodeMs: 1000 * stats.decodeSeconds,
    }
  );
}

/** Words of one token each, in an order that the seed decides: no two prompts are alike. */
function promptOf(internals: EngineInternals, tokens: number, seed: number): number[] {
  const words = plainTokens(internals);
  const random = mulberry32(seed);
  return Array.from({ length: tokens }, () => words[Math.floor(random() * words.length)] ?? anyToken);
}

function plainTokens(internals: EngineInternals): readonly number[] {
  const letters = Array.from({ length: 26 }, (_, index) => ` ${String.fromCharCode(97 + index)}`);
  const ids = letters.flatMap((letter) => {
    const encoded = internals.encode(letter);
    return encoded?.length === 1 ? encoded : [];
  });
  return ids.length > 0 ? ids : [internals.encode('a')?.[0] ?? anyToken];
}

/** Nothing guards the window here: beyond its end the engine would write where it must not. */
function checkCount(tokens: number, internals: EngineInternals): void {
  const window = internals.contextTokens ?? internals.slidingTokens ?? Infinity;
  if (!Number.isInteger(tokens) || tokens < 1 || tokens > window - 1)
    refuse(`${tokens} tokens cannot be measured in a window of ${window}`);
}

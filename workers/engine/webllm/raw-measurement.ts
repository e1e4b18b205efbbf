/** The two primitives of the benchmark on the GPU: exactly n tokens in, exactly n tokens out, with no template around them. */
import type { DecodeMeasurement, PrefillMeasurement } from '../../../src/contracts/engine';
import { refuse } from '../check-request';
import type { EngineInternals } from './engine-internals';
import type { MlcEngine } from './web-llm-package';

/** A token of plain text in every vocabulary, for where the tokenizer cannot be asked. */
const anyToken = 64;

export async function measurePrefill(
  engine: MlcEngine,
  internals: EngineInternals,
  tokens: number,
): Promise<PrefillMeasurement> {
  checkCount(tokens, internals);
  const prompt = Array<number>(tokens).fill(plainToken(internals));
  await engine.resetChat();
  const startedAt = performance.now();
  await engine.forwardTokensAndSample(prompt, true);
  return { tokens, milliseconds: performance.now() - startedAt };
}

/** @param tick told after each token, as a sign of life */
export async function measureDecode(
  engine: MlcEngine,
  internals: EngineInternals,
  tokens: number,
  tick: () => void,
): Promise<DecodeMeasurement> {
  checkCount(tokens, internals);
  await engine.resetChat();
  const timestamps: number[] = [];
  let token = await engine.forwardTokensAndSample([plainToken(internals), plainToken(internals)], true);
  for (let index = 0; index < tokens; index += 1) {
    timestamps.push(performance.now());
    tick();
    // The first token came with the prompt: n tokens are n - 1 more.
    if (index + 1 < tokens) token = await engine.forwardTokensAndSample([token], false);
  }
  return { timestamps };
}

const plainToken = (internals: EngineInternals): number => internals.encode('a')?.[0] ?? anyToken;

/** Nothing guards the window here: beyond its end the engine would write where it must not. */
function checkCount(tokens: number, internals: EngineInternals): void {
  const most = (internals.contextTokens ?? internals.slidingTokens ?? Infinity) - 2;
  if (!Number.isInteger(tokens) || tokens < 1 || tokens > most)
    refuse(`${tokens} tokens cannot be measured in a window of ${most + 2}`);
}

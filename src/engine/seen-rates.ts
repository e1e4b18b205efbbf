/** How fast models have really written on this device: what was promised of one is corrected by it. */
import type { AnswerMessage } from '../shared/domain/conversation';
import { LocalFacts } from './local-facts.svelte';

/** By model: tokens per second of its last answer that was long enough to tell. */
export const seenRates = new LocalFacts<number>('sotto.seen-rates');

/** In fewer tokens, the first ones count for too much. */
const leastTokens = 24;

export function noteRate({ modelId, figures }: AnswerMessage): void {
  if (!figures || figures.completionTokens < leastTokens || !(figures.decodeMs > 0)) return;
  seenRates.set(modelId, ((figures.completionTokens - 1) * 1000) / figures.decodeMs);
}

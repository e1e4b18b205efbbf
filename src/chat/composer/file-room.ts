import type { ChatHost } from '../chat-host';
import { estimateTokens } from '../context/estimate-tokens';
import { answerRoom } from '../context/fit-turns';
import type { PendingFile } from '../files/pending-files.svelte';
import { windowOf } from './window-of';

/** What a name and two fences take. */
const around = 16;

export const tokensOfFile = ({ text }: PendingFile, characters: number, factor: number): number =>
  Math.ceil((estimateTokens(text.slice(0, characters)) + around) * factor);

/** Tokens that files may have beside the question and its answer, at the cost of everything that was said before. */
export function fileRoom(host: ChatHost, factor: number): number | null {
  const window = windowOf(host.activeModel);
  if (window === null) return null;
  const { session, activeModel } = host;
  const { systemPrompt, sampling } = session.settings.resolve(activeModel.chosen);
  const words = estimateTokens(session.draft) + estimateTokens(systemPrompt) + around;
  return Math.max(0, window - answerRoom(window, sampling.maxTokens) - Math.ceil(words * factor));
}

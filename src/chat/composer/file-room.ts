import type { ChatHost } from '../chat-host';
import { estimateTokens } from '../context/estimate-tokens';
import { aroundFile } from '../context/file-tokens';
import { answerRoom } from '../context/fit-turns';
import { resolveSettings } from '../settings/resolve-settings';
import { windowOf } from './window-of';

/** Tokens that files may have beside the question and its answer, at the cost of everything that was said before. */
export function fileRoom(host: ChatHost, factor: number): number | null {
  const window = windowOf(host.activeModel);
  if (window === null) return null;
  const { session, activeModel } = host;
  const { systemPrompt, sampling } = resolveSettings(session.settings.layers, activeModel.chosen);
  const words = estimateTokens(session.draft) + estimateTokens(systemPrompt) + aroundFile;
  return Math.max(0, window - answerRoom(window, sampling.maxTokens) - Math.ceil(words * factor));
}

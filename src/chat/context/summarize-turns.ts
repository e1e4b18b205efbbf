/** The model's own summary of what no longer fits its window. */
import type { ChatTurn } from '../../shared/protocol/engine';
import type { Result } from '../../shared/protocol/failure';
import { splitThinking } from '../../shared/domain/thinking';
import { estimateTokens } from './estimate-tokens';

/** Longest summary, in tokens: long enough for names, numbers and decisions, short beside the window. */
export const summaryTokens = (contextTokens: number): number => Math.min(320, Math.floor(contextTokens / 8));

/** Asks the model that is loaded for one short text. */
export type Write = (turns: readonly ChatTurn[], maxTokens: number) => Promise<Result<string>>;

const instruction = `Summarise the conversation below so that it can be continued without it. Keep names, numbers, decisions, open
questions and what the person wants. Write in the language of the conversation, at most 150 words, no introduction.`;

const speaker = { system: 'Instruction', user: 'Person', assistant: 'Assistant' } as const;

const lineOf = ({ role, content }: ChatTurn): string => `${speaker[role]}: ${content.trim()}`;

/** Cuts a transcript into parts that the model can read at once. */
function partsOf(turns: readonly ChatTurn[], tokensAtOnce: number): readonly string[] {
  const parts: string[] = [];
  let part = '';
  const close = (): void => {
    if (part !== '') parts.push(part);
    part = '';
  };
  for (const turn of turns) {
    let line = lineOf(turn);
    // One turn longer than all that fits: its beginning and its end tell most.
    const characters = tokensAtOnce * 2;
    if (estimateTokens(line) > tokensAtOnce && line.length > characters)
      line = `${line.slice(0, characters / 2)}\n[…]\n${line.slice(-characters / 2)}`;
    if (part !== '' && estimateTokens(part) + estimateTokens(line) > tokensAtOnce) close();
    part += `${part === '' ? '' : '\n\n'}${line}`;
  }
  close();
  return parts;
}

/**
 * @param before an earlier summary of what came before these turns
 * @param contextTokens window of the model; the transcript is read in parts of half of it
 */
export async function summarizeTurns(
  turns: readonly ChatTurn[],
  before: string | undefined,
  contextTokens: number,
  write: Write,
): Promise<Result<string>> {
  let summary = before;
  const longest = summaryTokens(contextTokens);
  for (const part of partsOf(turns, Math.floor(contextTokens / 2) - longest)) {
    const told = summary === undefined ? part : `Summary of what came before: ${summary}\n\n${part}`;
    const written = await write([{ role: 'user', content: `${instruction}\n\n${told}` }], longest);
    if (!written.ok) return written;
    summary = splitThinking(written.value, false).answer.trim() || summary;
  }
  return { ok: true, value: summary ?? '' };
}

/** The prompt for an answer: all of the conversation where it fits; else by the person's choice, which is told with the answer. */
import type { ContextPolicy } from '../../shared/domain/chat-settings';
import type { ContextTreatment, Message } from '../../shared/domain/conversation';
import type { ChatTurn } from '../../shared/protocol/engine';
import type { Result } from '../../shared/protocol/failure';
import { lastTreatment, placedTurns, turnsOf, type PlacedTurn, type PromptParts } from '../prompt';
import { estimateTurn } from './estimate-tokens';
import { answerRoom, turnsToLeaveOut, type SizedTurn } from './fit-turns';
import { contextExceeded, estimateOf, isTooLong, promptSize, type PromptSize } from './prompt-size';
import { summarizeTurns, summaryTokens, type Write } from './summarize-turns';

export interface PromptJob {
  /** Ends with the question, or with the answer that is continued. */
  readonly branch: readonly Message[];
  readonly continued: boolean;
  readonly modelId: string;
  readonly parts: PromptParts;
  readonly policy: ContextPolicy;
  readonly maxTokens: number | undefined;
}

export interface Prompt {
  readonly turns: readonly ChatTurn[];
  readonly context?: ContextTreatment;
}

interface PromptTools {
  readonly contextTokens: number;
  /** Null where the engine cannot count. */
  count(turns: readonly ChatTurn[]): Promise<number | null>;
  readonly write: Write;
  /** What the engine said when it refused this prompt, in tokens. */
  readonly refused?: number;
}

async function sizeOf(job: PromptJob, turns: readonly ChatTurn[], tools: PromptTools): Promise<PromptSize> {
  if (tools.refused !== undefined) return { tokens: tools.refused, exact: true };
  const counted = await tools.count(turns);
  return counted === null ? promptSize(job.branch, turns, job.modelId) : { tokens: counted, exact: true };
}

const exceeded = (size: PromptSize, contextTokens: number): Result<Prompt> => ({
  ok: false,
  failure: contextExceeded(size, contextTokens),
});

export async function preparePrompt(job: PromptJob, tools: PromptTools): Promise<Result<Prompt>> {
  const { contextTokens } = tools;
  const all = turnsOf(job.branch, job.continued, job.parts);
  const placed = placedTurns(job.branch, job.continued, job.parts.fileTexts);
  const size = await sizeOf(job, all, tools);
  if (job.policy === 'stop')
    return isTooLong(size, contextTokens) ? exceeded(size, contextTokens) : { ok: true, value: { turns: all } };
  const room = answerRoom(contextTokens, job.maxTokens);
  const guessed = estimateOf(all);
  // Single turns can only be guessed; together they make what the whole is known to be.
  const tokensOf = ({ content }: ChatTurn): number => (estimateTurn(content) * size.tokens) / guessed;
  const system = turnsOf([], false, job.parts)[0];
  const systemTokens = system ? tokensOf(system) : 0;
  const sized: readonly SizedTurn<PlacedTurn>[] = placed.map((turn) => ({ turn, tokens: tokensOf(turn) }));
  const isRefused = tools.refused !== undefined;
  if (!isRefused && turnsToLeaveOut(sized, systemTokens, contextTokens, room) === 0)
    return { ok: true, value: { turns: all } };
  // A prompt that was refused is longer than was thought; the same cut would be refused again.
  const window = isRefused ? contextTokens * 0.9 : contextTokens;
  const cut = { sized, systemTokens, limit: window - room };
  return job.policy === 'summarise' ? summarized(job, cut, size, tools) : dropped(job, cut, size, tools);
}

interface Cutting {
  readonly sized: readonly SizedTurn<PlacedTurn>[];
  readonly systemTokens: number;
  /** Tokens that the prompt may have. */
  readonly limit: number;
}

const fits = ({ sized, systemTokens, limit }: Cutting, out: number): boolean =>
  systemTokens + sized.slice(out).reduce((sum, { tokens }) => sum + tokens, 0) <= limit;

/** Turns are fewer than messages, where one had nothing to say or several are one; treatments count messages. */
const messagesOf = ({ sized }: Cutting, turns: number): number => sized[turns]?.turn.from ?? 0;

/** Turns that an earlier answer was given without. */
const turnsBefore = ({ sized }: Cutting, earlier: ContextTreatment | null): number =>
  earlier === null ? 0 : sized.filter(({ turn }) => turn.from < earlier.turns).length;

/** The cut of the answer before where it still does: the engine then has the rest in its cache. */
function cutFor(cutting: Cutting, earlier: ContextTreatment | null): number | null {
  const known = turnsBefore(cutting, earlier);
  if (known > 0 && known < cutting.sized.length && fits(cutting, known)) return known;
  const out = turnsToLeaveOut(cutting.sized, cutting.systemTokens, cutting.limit, 0);
  return out === null || out === 0 ? null : Math.max(out, known);
}

function dropped(job: PromptJob, cutting: Cutting, size: PromptSize, tools: PromptTools): Result<Prompt> {
  const out = cutFor(cutting, lastTreatment(job.branch, 'dropped'));
  if (out === null) return exceeded(size, tools.contextTokens);
  const messages = messagesOf(cutting, out);
  const turns = turnsOf(job.branch.slice(messages), job.continued, job.parts);
  return { ok: true, value: { turns, context: { kind: 'dropped', turns: messages } } };
}

async function summarized(
  job: PromptJob,
  cutting: Cutting,
  size: PromptSize,
  tools: PromptTools,
): Promise<Result<Prompt>> {
  const earlier = lastTreatment(job.branch, 'summarised');
  const out = cutFor({ ...cutting, limit: cutting.limit - summaryTokens(tools.contextTokens) }, earlier);
  if (out === null) return exceeded(size, tools.contextTokens);
  const messages = messagesOf(cutting, out);
  const known = turnsBefore(cutting, earlier);
  const fresh = cutting.sized.slice(known, out).map(({ turn }) => turn);
  const summary = await summarizeTurns(fresh, earlier?.summary, tools.contextTokens, tools.write);
  if (!summary.ok) return summary;
  const parts = { ...job.parts, summary: summary.value };
  const turns = turnsOf(job.branch.slice(messages), job.continued, parts);
  return { ok: true, value: { turns, context: { kind: 'summarised', turns: messages, summary: summary.value } } };
}

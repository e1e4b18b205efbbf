/** The prompt for an answer: all of the conversation where it fits; else by the person's choice, which is told with the answer. */
import type { ContextTreatment } from '../../shared/domain/conversation';
import type { ChatTurn } from '../../shared/protocol/engine';
import type { Result } from '../../shared/protocol/failure';
import { lastTreatment, placedTurns, turnsOf, type PlacedTurn } from '../prompt';
import { olderPictures, withFewerPictures, withoutOldest, type Budget, type FewerPictures } from './fewer-pictures';
import type { PromptJob } from './prompt-job';
import { answerRoom, turnsToLeaveOut, type SizedTurn } from './fit-turns';
import { contextExceeded, estimateOf, isTooLong, promptSize, type PromptSize } from './prompt-size';
import { summarizeTurns, summaryTokens, type Write } from './summarize-turns';

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
  const size = await sizeOf(job, all, tools);
  if (job.policy === 'stop')
    return isTooLong(size, contextTokens) ? exceeded(size, contextTokens) : { ok: true, value: { turns: all } };
  const isRefused = tools.refused !== undefined;
  // A prompt that was refused is longer than was thought; the same cut would be refused again.
  const limit = (isRefused ? contextTokens * 0.9 : contextTokens) - answerRoom(contextTokens, job.maxTokens);
  // Single turns can only be guessed; together they make what the whole is known to be.
  const budget = { perGuessed: size.tokens / estimateOf(all), limit };
  if (!isRefused && size.tokens <= limit) return { ok: true, value: { turns: all } };
  const cutBefore = lastTreatment(job.branch, job.policy === 'summarise' ? 'summarised' : 'dropped');
  const fewer = cutBefore ? null : withFewerPictures(job, 0, budget);
  if (fewer) {
    const { branch, continued, parts } = fewer.job;
    const context = { kind: 'pictures-dropped', pictures: fewer.leftOut } as const;
    return { ok: true, value: { turns: turnsOf(branch, continued, parts), context } };
  }
  // Without their pictures, as many words as possible stay.
  const { job: bare } = withoutOldest(job, olderPictures(job, 0).length, 0);
  const tokensOf = (turn: ChatTurn): number => estimateOf([turn]) * budget.perGuessed;
  const system = turnsOf([], false, job.parts)[0];
  const cut = {
    ...budget,
    sized: placedTurns(bare.branch, bare.continued, bare.parts).map((turn) => ({ turn, tokens: tokensOf(turn) })),
    systemTokens: system ? tokensOf(system) : 0,
  };
  return job.policy === 'summarise' ? summarized(job, cut, size, tools) : dropped(job, cut, size, tools);
}

interface Cutting extends Budget {
  /** Without older pictures. */
  readonly sized: readonly SizedTurn<PlacedTurn>[];
  readonly systemTokens: number;
}

/** The prompt from a message on, with as many of its pictures as there is room for. */
function promptFrom(job: PromptJob, from: number, budget: Budget): FewerPictures & Pick<Prompt, 'turns'> {
  const fewer = withFewerPictures(job, from, budget) ?? withoutOldest(job, olderPictures(job, from).length, from);
  const { branch, continued, parts } = fewer.job;
  return { ...fewer, turns: turnsOf(branch.slice(from), continued, parts) };
}

const told = ({ leftOut }: FewerPictures): { readonly pictures?: number } => (leftOut > 0 ? { pictures: leftOut } : {});

const fits = ({ sized, systemTokens, limit }: Cutting, out: number): boolean =>
  systemTokens + sized.slice(out).reduce((sum, { tokens }) => sum + tokens, 0) <= limit;

/** Turns are fewer than messages, where one had nothing to say or several are one; treatments count messages. */
const messagesOf = ({ sized }: Cutting, turns: number): number => sized[turns]?.turn.from ?? 0;

type WordsCut = Extract<ContextTreatment, { readonly turns: number }>;

/** Turns that an earlier answer was given without. */
const turnsBefore = ({ sized }: Cutting, earlier: WordsCut | null): number =>
  earlier === null ? 0 : sized.filter(({ turn }) => turn.from < earlier.turns).length;

/** The cut of the answer before where it still does: the engine then has the rest in its cache. */
function cutFor(cutting: Cutting, earlier: WordsCut | null): number | null {
  const known = turnsBefore(cutting, earlier);
  if (known > 0 && known < cutting.sized.length && fits(cutting, known)) return known;
  const out = turnsToLeaveOut(cutting.sized, cutting.systemTokens, cutting.limit, 0);
  return out === null || out === 0 ? null : Math.max(out, known);
}

function dropped(job: PromptJob, cutting: Cutting, size: PromptSize, tools: PromptTools): Result<Prompt> {
  const out = cutFor(cutting, lastTreatment(job.branch, 'dropped'));
  if (out === null) return exceeded(size, tools.contextTokens);
  const messages = messagesOf(cutting, out);
  const prompt = promptFrom(job, messages, cutting);
  return { ok: true, value: { turns: prompt.turns, context: { kind: 'dropped', turns: messages, ...told(prompt) } } };
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
  const prompt = promptFrom({ ...job, parts: { ...job.parts, summary: summary.value } }, messages, cutting);
  const context = { kind: 'summarised', turns: messages, summary: summary.value, ...told(prompt) } as const;
  return { ok: true, value: { turns: prompt.turns, context } };
}

/** One case put to the model that is loaded, and what came of it. */
import { honoredBy } from '../../engine/honored-settings';
import type { AnswerSettings, CaseSet, LabCase, PromptTurn } from '../../shared/domain/lab/case-set';
import type { CaseTrouble, Contender, LabAnswer } from '../../shared/domain/lab/run';
import type { ModelDescriptor } from '../../shared/domain/model';
import { splitThinking } from '../../shared/domain/thinking';
import type { ChatTurn, LoadedModel, SamplingOptions } from '../../shared/protocol/engine';
import { endsEngine, type Failure, type FailureKind } from '../../shared/protocol/failure';
import type { EngineClient } from '../../engine/engine-client';
import { renderTemplate } from '../../shared/domain/lab/template';

/** After these nothing is loaded any more. */
const leavesNothing: ReadonlySet<FailureKind> = new Set<FailureKind>([
  ...endsEngine,
  'engine-crashed',
  'engine-unresponsive',
  'model-not-loaded',
  'out-of-memory',
]);

/** What a model said to a case, before it is checked. */
export type RawAnswer = Pick<
  LabAnswer,
  | 'text'
  | 'thought'
  | 'finishReason'
  | 'trouble'
  | 'promptTokens'
  | 'completionTokens'
  | 'thoughtTokens'
  | 'firstTokenMs'
  | 'decodeMs'
  | 'totalMs'
>;

/** Asked again, the engine might answer. */
export interface EngineDied {
  readonly died: Failure;
}

export interface CaseQuestion {
  readonly jobId: string;
  readonly turns: readonly ChatTurn[];
  readonly settings: AnswerSettings;
  readonly sample: number;
  readonly contender: Contender;
}

/** The turns of a case with its variables in their places, and the names of those that it does not have. */
export function turnsOfCase(
  set: Pick<CaseSet, 'prompt'>,
  { turns, variables }: LabCase,
): { readonly turns: readonly PromptTurn[]; readonly missing: readonly string[] } {
  return renderTemplate(turns ?? set.prompt, variables);
}

/** The words that an answer is an answer to: the last turn of a case. */
export const lastTurnOf = (set: Pick<CaseSet, 'prompt'>, labCase: LabCase): string =>
  turnsOfCase(set, labCase).turns.at(-1)?.content ?? '';

/** A model that was trained on a question alone gets no instructions and no earlier turns, as in a chat. */
export function turnsFor({ recalledQuestions }: ModelDescriptor, turns: readonly ChatTurn[]): readonly ChatTurn[] {
  if (recalledQuestions === undefined) return turns;
  const said = turns.filter(({ role }) => role !== 'system');
  const asked = said.flatMap(({ role }, index) => (role === 'user' ? [index] : []));
  return said.slice(asked.at(-1 - recalledQuestions) ?? asked[0] ?? 0);
}

function samplingFor(
  { sampling, samplingWhenThinking }: ModelDescriptor,
  { settings, sample, contender }: CaseQuestion,
): SamplingOptions {
  const { temperature, seed, maxTokens } = settings;
  // Greedy: what else a model is used to would only take the best word from it.
  if (temperature === 0) return { temperature, seed, maxTokens };
  const own = contender.thinking === 'on' ? (samplingWhenThinking ?? sampling) : sampling;
  return { ...own, temperature, seed: seed + sample, maxTokens };
}

const nothingSaid = {
  text: '',
  thought: '',
  finishReason: null,
  promptTokens: 0,
  completionTokens: 0,
  thoughtTokens: 0,
  firstTokenMs: 0,
  decodeMs: 0,
};

/** A case that was not asked at all. */
export const unasked = (kind: CaseTrouble, detail: string): RawAnswer => ({
  ...nothingSaid,
  totalMs: 0,
  trouble: { kind, detail },
});

/** Asks, and ends the answer at the limit of the case. Times are those of the engine, and the total that of the page. */
export async function askCase(
  client: EngineClient,
  model: ModelDescriptor,
  loaded: LoadedModel,
  question: CaseQuestion,
): Promise<RawAnswer | EngineDied> {
  const { jobId, turns, settings, contender } = question;
  const askedAt = performance.now();
  let raw = '';
  let tokens = 0;
  const limit = { passed: false };
  const timer = setTimeout(() => {
    limit.passed = true;
    void client.cancel(jobId);
  }, settings.limitSeconds * 1000);
  const result = await client.generate(
    {
      jobId,
      turns: turnsFor(model, turns),
      sampling: honoredBy(loaded.engine, samplingFor(model, question)),
      // What an earlier case has left in the cache would make the first token of this one come sooner.
      reuseCache: false,
      ...(contender.thinking && { thinking: contender.thinking }),
    },
    (event) => {
      if (event.type !== 'text') return;
      raw += event.text;
      tokens = event.tokens;
    },
  );
  clearTimeout(timer);
  const totalMs = performance.now() - askedAt;
  const { thinking, answer } = splitThinking(raw, false);
  const thought = thinking ?? '';
  const said = { text: answer, thought, totalMs };
  const late = { kind: 'too-long', detail: `${settings.limitSeconds} s` } as const;
  if (!result.ok) {
    const { failure } = result;
    const counted = { ...nothingSaid, ...said, completionTokens: tokens };
    if (limit.passed) return { ...counted, trouble: late };
    if (failure.kind === 'context-exceeded')
      return { ...counted, trouble: { kind: 'no-room', detail: failure.technical } };
    if (leavesNothing.has(failure.kind)) return { died: failure };
    return { ...counted, trouble: { kind: 'engine-failed', detail: `${failure.kind}: ${failure.technical}` } };
  }
  const { finishReason, figures } = result.value;
  const { promptTokens, reusedTokens, completionTokens, timeToFirstTokenMs, decodeMs } = figures;
  return {
    ...said,
    finishReason,
    ...(limit.passed && { trouble: late }),
    ...(finishReason === 'context-full' && { trouble: { kind: 'no-room', detail: '' } as const }),
    promptTokens: promptTokens + reusedTokens,
    completionTokens,
    // No engine counts them apart: their share of the text.
    thoughtTokens: raw === '' ? 0 : Math.round((completionTokens * thought.length) / raw.length),
    firstTokenMs: timeToFirstTokenMs,
    decodeMs,
  };
}

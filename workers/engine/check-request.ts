/** Looks at a request before an engine does: what an engine does not expect breaks it in ways of its own. */
import type { GenerationRequest, SamplingOptions } from '../../src/shared/protocol/engine';
import { FailureError } from '../../src/shared/protocol/failure';
import { logitBiasFrom } from '../../src/shared/domain/logit-bias';
import type { Senses } from '../../src/shared/domain/senses';
import { checkSenses } from './check-senses';

const roles: ReadonlySet<unknown> = new Set(['system', 'user', 'assistant']);

export function refuse(technical: string): never {
  throw new FailureError({ kind: 'request-invalid', technical });
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly whole?: boolean;
}

const ranges: Record<Exclude<keyof SamplingOptions, 'stop' | 'logitBias' | 'jsonSchema'>, Range> = {
  temperature: { from: 0, to: 100 },
  topP: { from: 0, to: 1 },
  topK: { from: 0, to: 2 ** 31 - 1, whole: true },
  minP: { from: 0, to: 1 },
  repeatPenalty: { from: 0, to: 100 },
  presencePenalty: { from: -100, to: 100 },
  frequencyPenalty: { from: -100, to: 100 },
  // The largest 32-bit number means "random" to llama.cpp.
  seed: { from: 0, to: 2 ** 32 - 2, whole: true },
  maxTokens: { from: 1, to: 2 ** 31 - 1, whole: true },
};

function checkSampling(sampling: SamplingOptions): void {
  for (const [name, { from, to, whole }] of Object.entries(ranges)) {
    const value: unknown = sampling[name as keyof typeof ranges];
    if (value === undefined) continue;
    if (typeof value !== 'number' || !(value >= from && value <= to) || (whole && !Number.isInteger(value))) {
      refuse(`${name} is ${String(value)}, not ${whole ? 'a whole number ' : ''}from ${from} to ${to}`);
    }
  }
  const stop: unknown = sampling.stop ?? [];
  if (!Array.isArray(stop) || stop.some((word) => typeof word !== 'string' || word === ''))
    refuse('stop is not a list of non-empty texts');
  if (sampling.logitBias !== undefined && logitBiasFrom(sampling.logitBias) === undefined)
    refuse('logitBias is not a record of numbers from -100 to 100');
  checkSchema(sampling.jsonSchema);
}

/** Whether the engine can work with it, only the engine knows; that it is a schema at all is seen here. */
function checkSchema(text: string | undefined): void {
  if (text === undefined || text.trim() === '') return;
  const invalid = (technical: string): never => {
    throw new FailureError({ kind: 'schema-invalid', technical });
  };
  let schema: unknown;
  try {
    schema = JSON.parse(text);
  } catch (error) {
    return invalid(String(error));
  }
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) invalid('the schema is no JSON object');
}

function checkTurns(turns: GenerationRequest['turns']): void {
  if (!Array.isArray(turns) || turns.length === 0) refuse('there are no turns');
  for (const [index, turn] of turns.entries()) {
    if (!roles.has(turn?.role)) refuse(`turn ${index} has the role ${String(turn?.role)}`);
    if (typeof turn.content !== 'string') refuse(`turn ${index} has no text`);
  }
  const [before, last] = turns.slice(-2);
  if (last?.role === 'assistant' && before?.role === 'assistant') refuse('the last two turns are both answers');
  if (turns.length === 1 && turns[0]?.role === 'assistant')
    refuse('there is nothing that the answer to be continued answers');
}

/** @throws FailureError `request-invalid` */
export function checkTexts(texts: readonly string[]): void {
  const given: unknown = texts;
  if (!Array.isArray(given) || given.some((text) => typeof text !== 'string')) refuse('texts is not a list of texts');
}

/**
 * @param senses of the loaded model; none when absent
 * @throws FailureError `request-invalid`, `schema-invalid`, `model-cannot-see` or `model-cannot-hear`
 */
export function checkRequest(request: GenerationRequest, senses?: Senses): void {
  checkTurns(request.turns);
  checkSenses(request.turns, senses);
  checkSampling(request.sampling);
}

/** Whether the request goes on with an answer that was cut off. */
export const isContinuation = ({ turns }: GenerationRequest): boolean => turns.at(-1)?.role === 'assistant';

/** The schema that an answer has to satisfy: any JSON for an empty text; undefined where it need not be JSON. */
export function schemaOf({ jsonSchema }: SamplingOptions): string | undefined {
  if (jsonSchema === undefined) return undefined;
  return jsonSchema.trim() === '' ? '{}' : jsonSchema;
}

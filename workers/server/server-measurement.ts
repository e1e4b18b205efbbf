/**
 * The benchmark's primitives on a server: a prompt of about so many tokens, and an answer of so many. The server counts; this
 * device's clock measures, with the way there and back, as it does for every other engine.
 */
import { shortAddress, type ServerConnection } from '../../src/shared/domain/server';
import type { DecodeMeasurement, PrefillMeasurement } from '../../src/shared/protocol/engine';
import { FailureError } from '../../src/shared/protocol/failure';
import type { EngineTimings } from '../../src/shared/protocol/measurement';
import { mulberry32 } from '../engine/seeded-random';
import type { EngineResult, MeasureControl, TokenSink } from '../engine/engine';
import { AnswerStream } from './answer-stream';
import { askServer, chatPath } from './ask-server';
import { chatBody } from './chat-body';
import type { Patience } from './patience';
import { readAnswer } from './read-answer';

type Control = MeasureControl & { readonly patience: Patience };

/** Common words, one token each in the vocabularies of today's models; how many tokens they really were, the server tells. */
const words = 'time people way water words men number side house world line head name air story earth hand year'.split(
  ' ',
);

/** @throws FailureError where the server counts no tokens: a rate of what nobody has counted would be none */
export async function measureServerPrefill(
  connection: ServerConnection,
  tokens: number,
  { seed = 1, ...control }: Control,
): Promise<PrefillMeasurement> {
  const asked = await ask(connection, promptOf(tokens, seed), 1, control, () => {});
  const { promptTokens, reusedTokens } = asked.result;
  return {
    tokens: promptTokens,
    milliseconds: (asked.firstAt ?? asked.endAt) - asked.startAt,
    cachedTokens: reusedTokens,
    ...timingsOf(asked.result),
  };
}

export async function measureServerDecode(
  connection: ServerConnection,
  tokens: number,
  { seed = 1, depth = 0, onTokens, ...control }: Control,
): Promise<DecodeMeasurement> {
  const timestamps: number[] = [];
  const asked = await ask(connection, promptOf(depth, seed), tokens, control, (at) => {
    timestamps.push(at);
    onTokens?.(1);
  });
  const { completionTokens = timestamps.length, promptTokens, reusedTokens } = asked.result;
  return {
    timestamps,
    // Only where pieces are tokens is each a time of its own.
    ...(completionTokens !== timestamps.length && { chunkTokens: spread(completionTokens, timestamps.length) }),
    requestedAt: asked.startAt,
    depthTokens: promptTokens + reusedTokens,
    ...timingsOf(asked.result),
  };
}

interface Asked {
  readonly result: EngineResult;
  readonly startAt: number;
  readonly firstAt: number | null;
  readonly endAt: number;
}

async function ask(
  connection: ServerConnection,
  prompt: string,
  maxTokens: number,
  { signal, patience }: Pick<Control, 'signal' | 'patience'>,
  onPiece: (at: number) => void,
): Promise<Asked> {
  const subject = shortAddress(connection.address);
  let firstAt: number | null = null;
  const sink: TokenSink = {
    token: () => {
      const at = performance.now();
      firstAt ??= at;
      onPiece(at);
    },
    prefillProgress: () => {},
  };
  const answer = new AnswerStream(connection, sink, subject);
  const body = {
    ...chatBody(connection, {
      turns: [{ role: 'user', content: prompt }],
      sampling: { temperature: 0, maxTokens },
      reuseCache: false,
    }),
    // Those that know it write on behind the end of the answer.
    ...(['llama-server', 'vllm', 'jan'].includes(connection.kind) && { ignore_eos: true }),
  };
  const startAt = performance.now();
  const response = await askServer(connection, chatPath, { body, ...(signal && { signal }) });
  await readAnswer(response, answer, patience, subject);
  const result = answer.result();
  if (result.server?.countsTokens !== true)
    throw new FailureError({ kind: 'server-not-understood', technical: 'the server counts no tokens', subject });
  return { result, startAt, firstAt, endAt: performance.now() };
}

/** Its beginning is another one for each seed, so that no cache of the server holds it. */
function promptOf(tokens: number, seed: number): string {
  const random = mulberry32(seed);
  const word = (): string => words[Math.floor(random() * words.length)] ?? 'time';
  return Array.from({ length: Math.max(1, tokens) }, word).join(' ');
}

/** Whole tokens over pieces, as evenly as it goes. */
const spread = (tokens: number, pieces: number): readonly number[] =>
  Array.from(
    { length: pieces },
    (_, index) => Math.floor((tokens * (index + 1)) / pieces) - Math.floor((tokens * index) / pieces),
  );

function timingsOf({ server, promptTokens, completionTokens }: EngineResult): { readonly engine?: EngineTimings } {
  if (server?.promptMs === undefined || server.answerMs === undefined || completionTokens === undefined) return {};
  return {
    engine: {
      promptTokens,
      promptMs: server.promptMs,
      generatedTokens: completionTokens,
      intervals: completionTokens,
      decodeMs: server.answerMs,
    },
  };
}

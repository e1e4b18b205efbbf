/** Asks llama.cpp for one answer: a new one, or the rest of one that was cut off. */
import type { GenerationRequest } from '../../../src/shared/protocol/engine';
import { FailureError } from '../../../src/shared/protocol/failure';
import { mediaOf } from '../check-senses';
import type { AnswerStream } from './answer-stream';
import { chatMessages, chatParameters, completionParameters } from './chat-request';
import { type Openings, renderPrompt } from './rendered-prompt';
import type { WllamaSession } from './wllama-session';

export async function answer(
  session: WllamaSession,
  request: GenerationRequest,
  openings: Openings,
  stream: AnswerStream,
  abortSignal: AbortSignal,
): Promise<void> {
  const last = request.turns.at(-1);
  if (last?.role === 'assistant')
    return continueAnswer(session, request, last.content.toWellFormed(), openings, stream, abortSignal);
  const messages = await chatMessages(request.turns);
  await session.race(
    session.wllama.createChatCompletion({
      messages,
      ...completionParameters(request),
      ...chatParameters(request),
      abortSignal,
      onData: (chunk) => stream.answer(chunk),
    }),
  );
}

/**
 * The server could continue an answer by itself (`continue_final_message`), but for templates that open a thought it puts an
 * empty one before the answer, and those that hide old thoughts hide the one to be continued. So the prompt is rendered
 * without the answer, and completed as text. That the rendering has to be evaluated costs nothing: the completion reuses it.
 */
async function continueAnswer(
  session: WllamaSession,
  request: GenerationRequest,
  cut: string,
  openings: Openings,
  stream: AnswerStream,
  abortSignal: AbortSignal,
): Promise<void> {
  if (mediaOf(request.turns).length > 0) return continueBesideMedia(session, request, stream, abortSignal);
  const prompt = await renderPrompt(session, await chatMessages(request.turns.slice(0, -1)), {
    prompt: openings.prompt,
    ...(request.thinking && { thinking: request.thinking }),
    reuseCache: request.reuseCache ?? true,
    signal: abortSignal,
    onChunk: (chunk) => stream.prompt(chunk),
  });
  if (prompt === '') throw new FailureError({ kind: 'engine-crashed', technical: 'llama.cpp did not tell the prompt' });
  // The template's own "<think>" is part of the answer as the page knows it, unless its thoughts have been left out.
  const before =
    openings.answer !== '' && prompt.endsWith(openings.answer) ? prompt.slice(0, -openings.answer.length) : prompt;
  const parameters = { ...completionParameters(request), cache_prompt: true };
  await session.race(
    session.wllama.createCompletion({
      prompt: before + cut,
      ...parameters,
      abortSignal,
      onData: (chunk) => stream.answer(chunk),
    }),
  );
}

/**
 * A completion of text has no place for pictures and sounds, and a rendered prompt does not say where they were. So the server
 * continues such an answer itself, which a thinking model then does without its thought.
 */
async function continueBesideMedia(
  session: WllamaSession,
  request: GenerationRequest,
  stream: AnswerStream,
  abortSignal: AbortSignal,
): Promise<void> {
  const messages = await chatMessages(request.turns);
  await session.race(
    session.wllama.createChatCompletion({
      messages,
      ...completionParameters(request),
      chat_template_kwargs: { enable_thinking: false },
      abortSignal,
      onData: (chunk) => stream.answer(chunk),
    }),
  );
}

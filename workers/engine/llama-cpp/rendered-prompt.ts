/**
 * What the chat template makes of a conversation, in words. wllama has no call for it, but llama.cpp's server adds the prompt
 * it evaluated to the last chunk of an answer when asked to be verbose; an answer of no tokens costs nothing but the prompt,
 * which then waits in the KV cache for the request that follows.
 */
import type { ChatCompletionChunk, ChatCompletionParams, RawCompletionChunk } from '@wllama/wllama/esm/index.js';
import { thoughtMarks } from '../../../src/shared/domain/thought-marks';
import type { WllamaSession } from './wllama-session';

/** How the answers of a model begin, and its prompts. */
export interface Openings {
  /**
   * Some thinking models get the opener of their thought from the template, at the end of the prompt, and never say it themselves. Their
   * answers have to begin with it, so that their thoughts are marked like all others.
   */
  readonly answer: string;
  /** The text of the token that is put before every prompt, of raw ones too. Empty for most models. */
  readonly prompt: string;
}

interface VerboseChunk {
  readonly __verbose?: { readonly prompt?: unknown };
}

const openers = thoughtMarks.map(([opener]) => opener);

/** The opener of a thought at the end of a prompt, with the blanks behind it; empty where there is none. */
function openerAtEnd(prompt: string): string {
  const end = prompt.trimEnd();
  const opener = openers.find((mark) => end.endsWith(mark));
  return opener === undefined ? '' : prompt.slice(end.length - opener.length);
}

const onePiece = { stream: true, temperature: 0, top_k: 1 } as const;
const verbose: object = { verbose: true };

const promptIn = (chunk: ChatCompletionChunk | RawCompletionChunk): string | undefined => {
  const prompt = (chunk as VerboseChunk).__verbose?.prompt;
  return typeof prompt === 'string' ? prompt : undefined;
};

/**
 * The first token after a load: proof that the model really works, for `loadModel` resolves for files that do not. Kept to a
 * prompt of a token, and of one short turn for models that may think, as the visitor is waiting.
 */
export async function findOpenings(session: WllamaSession): Promise<Openings> {
  const { wllama } = session;
  let raw: string | undefined;
  await session.race(
    wllama.createCompletion({
      prompt: 'a',
      max_tokens: 1,
      ...onePiece,
      ...verbose,
      onData: (chunk) => void (raw ??= promptIn(chunk)),
    }),
  );
  const prompt = raw?.endsWith('a') ? raw.slice(0, -1).trimEnd() : '';
  const template = wllama.getChatTemplate() ?? '';
  if (!openers.some((opener) => template.includes(opener))) return { answer: '', prompt };
  const rendered = await renderPrompt(session, [{ role: 'user', content: 'a' }], { prompt });
  return { answer: openerAtEnd(rendered), prompt };
}

export interface RenderOptions {
  readonly prompt: string;
  readonly thinking?: 'on' | 'off';
  readonly reuseCache?: boolean;
  readonly signal?: AbortSignal;
  readonly onChunk?: (chunk: ChatCompletionChunk) => void;
}

/** The prompt for an answer to `messages`, evaluated. */
export async function renderPrompt(
  session: WllamaSession,
  messages: ChatCompletionParams['messages'],
  options: RenderOptions,
): Promise<string> {
  let rendered = '';
  await session.race(
    session.wllama.createChatCompletion({
      messages,
      max_tokens: 0,
      timings_per_token: true,
      return_progress: true,
      cache_prompt: options.reuseCache ?? true,
      ...(options.thinking && { chat_template_kwargs: { enable_thinking: options.thinking === 'on' } }),
      ...onePiece,
      ...verbose,
      ...(options.signal && { abortSignal: options.signal }),
      onData: (chunk) => {
        rendered = promptIn(chunk) ?? rendered;
        options.onChunk?.(chunk);
      },
    }),
  );
  // The engine puts its first token before the prompt again when the text comes back to it.
  return options.prompt !== '' && rendered.startsWith(options.prompt)
    ? rendered.slice(options.prompt.length)
    : rendered;
}

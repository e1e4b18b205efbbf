/** Asks WebLLM for one answer: a new one, or the rest of one that was cut off. */
import type { ChatCompletionChunk, Completion } from '@mlc-ai/web-llm';
import type { FinishReason, GenerationRequest } from '../../../src/shared/protocol/engine';
import { openedThought } from '../../mlc/conversation-template';
import { isContinuation } from '../check-request';
import type { EngineResult, TokenSink } from '../engine';
import { AnswerText } from './answer-text';
import { chatRequest, completionRequest, thinkingFor, withSystemMessage } from './chat-request';
import type { PrefillListener } from './engine-internals';
import type { SentMessage } from './cached-conversation';
import type { LoadedMlc } from './load-mlc';
import { continuationText, emptyThought, promptPieces } from './prompt-text';

/** Shorter prompts are read before a person could see that they are. */
const longPromptCharacters = 2000;

type Chunk = ChatCompletionChunk | Completion;

export class WebLlmAnswer {
  readonly #thinking: 'on' | 'off' | undefined;
  readonly #text: AnswerText;
  readonly #continues: boolean;
  #promptTokens = 0;
  #reusedTokens = 0;
  #finish: FinishReason | undefined;

  constructor(
    private readonly loaded: LoadedMlc,
    private readonly request: GenerationRequest,
    private readonly sink: TokenSink,
    private readonly signal: AbortSignal,
    /** Told at each sign of life. */
    private readonly alive: () => void,
  ) {
    const { template, config } = loaded;
    this.#continues = isContinuation(request);
    this.#thinking = thinkingFor(request, config.modelType, template);
    const fresh = !this.#continues;
    this.#text = new AnswerText(sink, {
      opening: fresh && this.#thinking !== 'off' ? openedThought(template) : '',
      emptyThought: fresh && this.#thinking === 'off',
      stop: request.sampling.stop ?? [],
    });
  }

  async write(): Promise<EngineResult> {
    const { internals, kept } = this.loaded;
    if (this.signal.aborted) return this.cancelled();
    if (this.request.reuseCache === false) await this.#startAfresh();
    try {
      const result = await internals.duringPrefill(this.#prefillListener(), () =>
        this.#continues ? this.#continue() : this.#chat(),
      );
      if (this.#finish !== 'stop' || this.#continues) kept.forget();
      return result;
    } catch (error) {
      // Whatever is in the cache, no conversation is like it.
      await this.#startAfresh().catch(() => undefined);
      throw error;
    }
  }

  /** What is known when the answer did not come to its own end. */
  cancelled(): EngineResult {
    return this.#result('cancelled');
  }

  async #chat(): Promise<EngineResult> {
    const { engine, template, kept, internals } = this.loaded;
    const turns = withSystemMessage(this.request.turns, template);
    const { messages, reuses } = kept.messagesFor(turns);
    const extraTokens = this.#thinking === 'off' ? (internals.encode(emptyThought)?.length ?? 4) : 0;
    kept.forget();
    // WebLLM may find the history like its own all the same, and would go on from a cache that holds more, or less.
    if (!reuses) await engine.resetChat();
    const request = chatRequest(this.request, messages, this.#thinking, internals, extraTokens);
    this.#reusedTokens = reuses ? (internals.filledTokens ?? 0) : 0;
    await this.#follow(await engine.chat.completions.create(request));
    await this.#keep(turns, messages);
    return this.#result(this.#finish ?? (this.signal.aborted ? 'cancelled' : 'stop'));
  }

  async #continue(): Promise<EngineResult> {
    const { engine, template, internals, kept } = this.loaded;
    kept.forget();
    const turns = withSystemMessage(this.request.turns, template);
    // In a conversation WebLLM puts these before the prompt; a text has to bring them itself.
    const prefix = template.systemPrefixTokenIds.map((id) => internals.tokenText(id) ?? '').join('');
    const prompt = prefix + continuationText(turns, template, this.#thinking);
    await this.#follow(await engine.completions.create(completionRequest(this.request, prompt, internals)));
    // The next request may be a conversation, which must not find this text in the cache.
    await engine.resetChat();
    return this.#result(this.#finish ?? (this.signal.aborted ? 'cancelled' : 'stop'));
  }

  async #follow(chunks: AsyncIterable<Chunk>): Promise<void> {
    const { engine, internals } = this.loaded;
    let tokens: number | undefined;
    for await (const chunk of chunks) {
      this.alive();
      internals.prefillEnded();
      // Leaving the loop is WebLLM's way to stop; its interrupt would also end the next request.
      if (this.signal.aborted) return;
      const choice = chunk.choices[0];
      if (choice?.finish_reason) this.#finish = this.#finishReason(choice.finish_reason);
      else if (choice) {
        const text = 'delta' in choice ? (choice.delta.content ?? '') : choice.text;
        this.#text.piece(text, internals.completionTokens);
      }
      this.#promptTokens = chunk.usage?.prompt_tokens ?? this.#promptTokens;
      tokens = chunk.usage?.completion_tokens ?? tokens;
    }
    // It may have held back the end of the text, or sent the beginning of a stop string.
    this.#text.finish(await engine.getMessage(), tokens ?? internals.completionTokens ?? this.#text.tokens);
  }

  #finishReason(reason: string): FinishReason | undefined {
    const { internals, contextTokens } = this.loaded;
    if (reason === 'length') {
      const full = internals.slidingTokens === null && (internals.filledTokens ?? 0) >= contextTokens;
      return full ? 'context-full' : 'length';
    }
    return reason === 'stop' ? 'stop' : undefined;
  }

  /** Only an answer that ended by itself is wholly in the cache; a stop string leaves its own tokens there. */
  async #keep(turns: GenerationRequest['turns'], messages: readonly SentMessage[]): Promise<void> {
    const { engine, kept } = this.loaded;
    if (this.#finish !== 'stop' || (this.request.sampling.stop ?? []).length > 0) return;
    kept.keep(turns, messages, await engine.getMessage(), this.#text.shown);
  }

  async #startAfresh(): Promise<void> {
    this.loaded.kept.forget();
    await this.loaded.engine.resetChat();
  }

  #prefillListener(): PrefillListener {
    const total = this.#longPromptTokens();
    return {
      before: () => {
        if (this.signal.aborted) throw new DOMException('The operation was aborted.', 'AbortError');
      },
      after: (reused, processed) => {
        this.alive();
        this.#reusedTokens = reused;
        const fresh = (total ?? 0) - reused;
        if (fresh > 0) this.sink.prefillProgress(Math.min(processed, fresh), fresh);
      },
    };
  }

  /** Tokens of a prompt whose reading takes long enough to be shown. */
  #longPromptTokens(): number | null {
    const { template, internals } = this.loaded;
    const { turns } = this.request;
    if (turns.reduce((sum, { content }) => sum + content.length, 0) < longPromptCharacters) return null;
    const asked = this.#continues ? turns.slice(0, -1) : turns;
    const pieces = promptPieces(withSystemMessage(asked, template), template, this.#thinking);
    const cut = this.#continues ? [turns.at(-1)?.content ?? ''] : [];
    return internals.count([...pieces, ...cut]);
  }

  #result(finishReason: FinishReason): EngineResult {
    return { finishReason, promptTokens: this.#promptTokens, reusedTokens: this.#reusedTokens };
  }
}

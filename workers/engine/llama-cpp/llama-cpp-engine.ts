/** llama.cpp behind the `Engine` interface: any GGUF file, on the CPU. Lives in the engine worker; its own workers are nested in it. */
import { version as wllamaVersion } from '@wllama/wllama/package.json';
import { Wllama } from '@wllama/wllama/esm/index.js';
import type {
  DecodeMeasurement,
  GenerationRequest,
  LoadedModel,
  LoadRequest,
  PrefillMeasurement,
} from '../../../src/contracts/engine';
import { FailureError } from '../../../src/contracts/failure';
import type { Engine, EngineResult, LoadProgress, TokenSink } from '../engine';
import { answer } from './answer';
import { AnswerStream } from './answer-stream';
import { checkRequest } from './chat-request';
import { checkGguf, chooseContext, contextStep, type GgufFacts } from './gguf-check';
import { brokenText, contextFullSentence } from './llama-failure';
import { measureDecode, measurePrefill } from './raw-measurement';
import { findOpenings, type Openings } from './rendered-prompt';
import { chooseThreads } from './thread-choice';
import { WllamaSession } from './wllama-session';

/** Prompt tokens evaluated in one go: the step of progress, and the longest time until an abandoned prompt lets go of the engine. */
const batchTokens = 128;

const aborted = (): DOMException => new DOMException('The operation was aborted.', 'AbortError');

/** A sink that takes nothing more once the call has been answered with "cancelled". */
const untilAborted = (sink: TokenSink, signal: AbortSignal): TokenSink => ({
  token: (text) => {
    if (!signal.aborted) sink.token(text);
  },
  prefillProgress: (processed, total) => {
    if (!signal.aborted) sink.prefillProgress(processed, total);
  },
});

interface Loaded {
  readonly session: WllamaSession;
  readonly contextTokens: number;
  readonly openings: Openings;
}

export class LlamaCppEngine implements Engine {
  readonly kind = 'llama.cpp';
  #loaded: Loaded | undefined;
  /** The call that llama.cpp is still busy with, if any: it answers two at once, but they would share its speed and its cache. */
  #draining: Promise<unknown> = Promise.resolve();

  async load(
    request: LoadRequest,
    progress: LoadProgress,
    signal: AbortSignal,
  ): Promise<Omit<LoadedModel, 'loadMilliseconds'>> {
    await this.unload();
    const totalBytes = request.files.reduce((sum, file) => sum + file.size, 0);
    progress(0, totalBytes);
    const facts = await checkGguf(request.files);
    if (signal.aborted) throw aborted();

    const session = new WllamaSession();
    const abort = (): void => void session.close(aborted());
    signal.addEventListener('abort', abort);
    try {
      const loaded = await this.#start(session, request, facts);
      this.#loaded = loaded;
      progress(totalBytes, totalBytes);
      return {
        modelId: request.modelId,
        engine: this.kind,
        backend: 'cpu',
        threads: session.wllama.getNumThreads(),
        contextTokens: loaded.contextTokens,
        engineVersion: `wllama ${wllamaVersion} (llama.cpp ${Wllama.getLibllamaVersion()})`,
      };
    } catch (error) {
      await session.close(aborted());
      if (signal.aborted) throw aborted();
      const failure = session.failure(error);
      // Nothing was requested yet: what llama.cpp could not read here is the model's own chat template.
      throw new FailureError(
        failure.kind === 'request-invalid' ? { ...failure, kind: 'model-unknown-architecture' } : failure,
      );
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  async #start(session: WllamaSession, request: LoadRequest, facts: GgufFacts): Promise<Loaded> {
    const wanted = chooseContext(facts, request.contextTokens, batchTokens);
    const contextTokens = Math.ceil(wanted / contextStep) * contextStep;
    await session.load(request.files, {
      n_ctx: contextTokens,
      n_threads: chooseThreads(facts, request.threads, navigator.hardwareConcurrency, self.crossOriginIsolated),
      // Zero also keeps wllama from asking for a GPU adapter.
      n_gpu_layers: 0,
      n_batch: batchTokens,
      n_ubatch: batchTokens,
      // One conversation at a time; more slots would each keep a share of the cache.
      n_parallel: 1,
      // The first token below is the warm-up.
      warmup: false,
      ctx_shift: false,
      // The thoughts of a model are part of its text here; the page tells them apart. (To skip all parsing of answers would
      // be simpler, but then llama.cpp drops blanks and line breaks at the start of an answer.)
      reasoning_format: 'none',
    });
    return { session, contextTokens, openings: await findOpenings(session) };
  }

  async generate(request: GenerationRequest, sink: TokenSink, signal: AbortSignal): Promise<EngineResult> {
    const { session, contextTokens, openings } = this.#current();
    checkRequest(request);
    const continues = request.turns.at(-1)?.role === 'assistant';
    const stream = new AnswerStream(untilAborted(sink, signal), continues ? '' : openings.answer);
    const cancelled = new Promise<'cancelled'>((resolve) => {
      if (signal.aborted) resolve('cancelled');
      signal.addEventListener('abort', () => resolve('cancelled'), { once: true });
    });
    const generation = this.#exclusively(async () => {
      if (signal.aborted) return;
      session.forgetLog();
      await answer(session, request, openings, stream, signal);
    });
    try {
      // llama.cpp looks at the signal between batches of the prompt, which can be seconds; the caller does not wait for that.
      if ((await Promise.race([generation, cancelled])) === 'cancelled') return stream.interrupted('cancelled');
      return stream.result(contextTokens);
    } catch (error) {
      if (signal.aborted) return stream.interrupted('cancelled');
      if (contextFullSentence.test(String(error))) return stream.interrupted('context-full');
      if (brokenText(session.failure(error))) return stream.interrupted('stop');
      throw new FailureError(session.failure(error));
    }
  }

  measurePrefill(tokens: number): Promise<PrefillMeasurement> {
    return this.#measure((session) => measurePrefill(session, tokens));
  }

  measureDecode(tokens: number): Promise<DecodeMeasurement> {
    return this.#measure((session) => measureDecode(session, tokens));
  }

  async unload(): Promise<void> {
    const loaded = this.#loaded;
    this.#loaded = undefined;
    this.#draining = Promise.resolve();
    await loaded?.session.close(new FailureError({ kind: 'model-not-loaded', technical: 'the model was unloaded' }));
  }

  #current(): Loaded {
    if (!this.#loaded) throw new FailureError({ kind: 'model-not-loaded', technical: 'no model is loaded' });
    if (!this.#loaded.session.isOpen)
      throw new FailureError({ kind: 'engine-crashed', technical: 'the engine ended and has to be loaded again' });
    return this.#loaded;
  }

  async #measure<T>(run: (session: WllamaSession) => Promise<T>): Promise<T> {
    const { session } = this.#current();
    try {
      session.forgetLog();
      return await this.#exclusively(() => run(session));
    } catch (error) {
      throw new FailureError(session.failure(error));
    }
  }

  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#draining.then(work);
    this.#draining = result.catch(() => undefined);
    return result;
  }
}

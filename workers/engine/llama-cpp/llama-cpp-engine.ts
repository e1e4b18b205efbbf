/** llama.cpp behind the `Engine` interface: any GGUF file. Lives in the engine worker; its own workers are nested in it. */
import { version as wllamaVersion } from '@wllama/wllama/package.json';
import { Wllama } from '@wllama/wllama/esm/index.js';
import type { Senses } from '../../../src/shared/domain/senses';
import type {
  ChatTurn,
  DecodeMeasurement,
  GenerationRequest,
  PrefillMeasurement,
  TranscriptionRequest,
} from '../../../src/shared/protocol/engine';
import { failed, FailureError, failureFrom } from '../../../src/shared/protocol/failure';
import { llamaCppLack } from '../../../src/shared/platform/llama-cpp-build';
import { llamaCppFacts, type LlamaCppFacts } from '../../../src/shared/platform/llama-cpp-facts';
import { unlessAborted } from '../../../src/shared/platform/unless-aborted';
import { lackFailure } from '../../../src/shared/platform/wasm-features';
import { checkParts } from '../../gguf/check-gguf';
import { checkRequest, isContinuation } from '../check-request';
import type { Engine, EngineLoad, EngineResult, MeasureControl, ReportLoad, StartedModel, TokenSink } from '../engine';
import { mediaOf } from '../check-senses';
import { untilAborted } from '../until-aborted';
import { answer } from './answer';
import { AnswerStream } from './answer-stream';
import { LeftConversations } from './left-conversations';
import { brokenText, contextFullSentence, unreadableMedia } from './llama-failure';
import { reportOf } from './model-report';
import { measureDecode, measurePrefill } from './raw-measurement';
import { RawRuns } from './raw-runs';
import { renderPrompt, type Openings } from './rendered-prompt';
import { type LoadPlan, planModel, startModel } from './running-model';
import { watchFiles } from './watched-files';
import { thinkingUnlessTold } from './template-thinking';
import { transcribe } from './transcribe';
import { WllamaSession } from './wllama-session';

const aborted = (): DOMException => new DOMException('The operation was aborted.', 'AbortError');

/** How much memory may lie idle in caches of conversations that were left. */
const mostLeftBytes = 512 * 1024 ** 2;

/** @throws FailureError where this browser can run no build of llama.cpp */
function llamaCppHere(): LlamaCppFacts {
  const facts = llamaCppFacts();
  if (facts === null) throw new FailureError(lackFailure(llamaCppLack() ?? 'features'));
  return facts;
}

interface Loaded {
  readonly session: WllamaSession;
  readonly plan: LoadPlan;
  readonly openings: Openings;
  readonly left: LeftConversations;
  /** What the template does where nobody says. Asked once: a session that is being started anew has no template to tell. */
  readonly thinking: 'on' | 'off' | undefined;
  readonly senses: Senses | undefined;
}

/** @throws FailureError `projector-mismatch` where llama.cpp left the projector aside */
function sensesOf({ wllama }: WllamaSession): Senses {
  const senses = { sees: wllama.supportInputModality('image'), hears: wllama.supportInputModality('audio') };
  if (senses.sees || senses.hears) return senses;
  throw new FailureError({ kind: 'projector-mismatch', technical: 'llama.cpp sees and hears nothing with it' });
}

export class LlamaCppEngine implements Engine {
  readonly kind = 'llama.cpp';
  #loaded: Loaded | undefined;
  #raw: RawRuns | undefined;
  /** The call that llama.cpp is still busy with, if any: it answers two at once, but they would share its speed and its cache. */
  #draining: Promise<unknown> = Promise.resolve();

  constructor(private readonly leftBytes = mostLeftBytes) {}

  async load(request: EngineLoad, progress: ReportLoad, signal: AbortSignal): Promise<StartedModel> {
    await this.unload();
    const llamaCpp = llamaCppHere();
    const { facts, files, projector } = await checkParts(request.files.map(({ content }) => content));
    if (signal.aborted) throw aborted();
    const plan = planModel(request, watchFiles(files, progress), facts, llamaCpp, projector);

    const session = await WllamaSession.open(llamaCpp);
    if (signal.aborted) {
      // It listens for errors of the whole worker.
      await session.close(aborted());
      throw aborted();
    }
    const abort = (): void => void session.close(aborted());
    signal.addEventListener('abort', abort);
    try {
      const openings = await startModel(session, plan);
      const senses = projector && sensesOf(session);
      const left = new LeftConversations(facts.kvBytesPerToken, this.leftBytes);
      const thinking = thinkingUnlessTold(session.wllama.getChatTemplate());
      this.#loaded = { session, plan, openings, left, thinking, senses };
      const totalBytes = files.reduce((sum, file) => sum + file.size, 0);
      progress({ phase: 'reading', loadedBytes: totalBytes, totalBytes, fraction: 1 });
      return {
        modelId: request.modelId,
        engine: this.kind,
        backend: plan.backend,
        ...(session.gpu.adapter !== '' && { adapter: session.gpu.adapter }),
        threads: session.wllama.getNumThreads(),
        contextTokens: plan.contextTokens,
        ...(senses && { senses }),
        engineVersion: `wllama ${wllamaVersion} (llama.cpp ${Wllama.getLibllamaVersion()})`,
        ...reportOf(facts, plan),
      };
    } catch (error) {
      await session.close(aborted());
      if (signal.aborted) throw aborted();
      const failure = session.failure(error);
      // Nothing was requested yet: what llama.cpp could not read here is the model's own chat template.
      throw new FailureError(
        failure.kind === 'request-invalid' ? { ...failure, kind: 'model-template-broken' } : failure,
      );
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  async generate(asked: GenerationRequest, sink: TokenSink, signal: AbortSignal): Promise<EngineResult> {
    // Its session may just be exchanged for another, by a question that was stopped. Whether one is open is asked in turn.
    const { plan, openings, senses, thinking: unlessTold } = this.#model();
    const thinking = asked.thinking ?? unlessTold;
    const request: GenerationRequest = { ...asked, ...(thinking && { thinking }) };
    checkRequest(request, senses);
    // Told not to think, the template opens and closes the thought itself.
    const opens = !isContinuation(request) && request.thinking !== 'off';
    const stream = new AnswerStream(untilAborted(sink, signal), opens ? openings.answer : '');
    const generation = this.#exclusively(async () => {
      if (signal.aborted) return;
      const { session, left } = await this.#withRoom(request.turns);
      session.forgetLog();
      try {
        await answer(session, request, openings, stream, signal);
      } finally {
        left.note(request.turns, stream.totalTokens, stream.reusedTokens);
      }
    });
    try {
      // llama.cpp looks at the signal between batches of the prompt, which can be seconds; the caller does not wait for that.
      if ((await unlessAborted(generation, signal, 'cancelled')) === 'cancelled')
        return stream.interrupted('cancelled');
      return stream.result(plan.contextTokens);
    } catch (error) {
      if (signal.aborted) return stream.interrupted('cancelled');
      if (contextFullSentence.test(String(error))) return stream.interrupted('context-full');
      const failure = this.#loaded?.session.failure(error) ?? failureFrom(error);
      if (brokenText(failure)) return stream.interrupted('stop');
      const [media] = mediaOf(request.turns);
      if (media && unreadableMedia(failure)) {
        const kind = media.kind === 'picture' ? 'picture-unreadable' : 'sound-unreadable';
        throw new FailureError({ ...failure, kind });
      }
      const isTemplate = failure.kind === 'request-invalid' && !(await this.#takesTurns());
      throw new FailureError(isTemplate ? { ...failure, kind: 'model-template-broken' } : failure);
    }
  }

  async transcribe(request: TranscriptionRequest, sink: TokenSink, signal: AbortSignal): Promise<string | null> {
    const { senses } = this.#model();
    if (!senses?.hears) throw new FailureError(failed('model-cannot-hear', 'the loaded model takes no sounds').failure);
    const text = this.#exclusively(async () => {
      if (signal.aborted) return null;
      // What was heard lies in the cache as another conversation would.
      const sound: ChatTurn = { role: 'user', content: '', media: [{ kind: 'sound', blob: request.audio }] };
      const { session, left, plan } = await this.#withRoom([sound]);
      session.forgetLog();
      try {
        return await transcribe(session, request, plan.contextTokens, untilAborted(sink, signal), signal);
      } finally {
        left.note([sound], plan.contextTokens, 0);
      }
    });
    try {
      return await unlessAborted(text, signal, null);
    } catch (error) {
      if (signal.aborted) return null;
      const failure = this.#loaded?.session.failure(error) ?? failureFrom(error);
      throw new FailureError(unreadableMedia(failure) ? { ...failure, kind: 'sound-unreadable' } : failure);
    }
  }

  /** Whether the model's template takes the plainest conversation there is: where it fails, it was not the message. */
  async #takesTurns(): Promise<boolean> {
    const { session, openings } = this.#current();
    return await this.#exclusively(() => renderPrompt(session, [{ role: 'user', content: 'a' }], openings)).then(
      () => true,
      (error: unknown) => session.failure(error).kind !== 'request-invalid',
    );
  }

  /** The model as it is, or started anew where the caches of other conversations have come to fill the memory. */
  async #withRoom(turns: readonly ChatTurn[]): Promise<Loaded> {
    const loaded = this.#current();
    if (!loaded.left.areTooMany(turns)) return loaded;
    await loaded.session.close(
      new FailureError({ kind: 'engine-crashed', technical: 'the model is being started anew' }),
    );
    const left = new LeftConversations(loaded.plan.facts.kvBytesPerToken, this.leftBytes);
    const fresh = { ...loaded, left, session: await WllamaSession.open(loaded.plan.llamaCpp) };
    // Before the start, so that an unload in the middle of it finds the session.
    this.#loaded = fresh;
    try {
      await startModel(fresh.session, fresh.plan);
    } catch (error) {
      // A session without a model would take the next question, and fail at it in words of its own.
      await fresh.session.close(aborted());
      throw error;
    }
    return fresh;
  }

  measurePrefill(tokens: number, control: MeasureControl = {}): Promise<PrefillMeasurement> {
    return this.#measure((raw) => measurePrefill(raw, tokens, control));
  }

  measureDecode(tokens: number, control: MeasureControl = {}): Promise<DecodeMeasurement> {
    return this.#measure((raw) => measureDecode(raw, tokens, control));
  }

  async unload(): Promise<void> {
    const loaded = this.#loaded;
    this.#loaded = undefined;
    this.#draining = Promise.resolve();
    await loaded?.session.close(new FailureError({ kind: 'model-not-loaded', technical: 'the model was unloaded' }));
  }

  #model(): Loaded {
    if (!this.#loaded) throw new FailureError({ kind: 'model-not-loaded', technical: 'no model is loaded' });
    return this.#loaded;
  }

  #current(): Loaded {
    const loaded = this.#model();
    if (!loaded.session.isOpen)
      throw new FailureError({ kind: 'engine-crashed', technical: 'the engine ended and has to be loaded again' });
    return loaded;
  }

  async #measure<T>(run: (raw: RawRuns) => Promise<T>): Promise<T> {
    const { session, plan } = this.#current();
    try {
      session.forgetLog();
      this.#raw = this.#raw?.session === session ? this.#raw : new RawRuns(session, plan.facts.kvBytesPerToken);
      const raw = this.#raw;
      return await this.#exclusively(() => run(raw));
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

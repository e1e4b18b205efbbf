/** Plays a written schedule of tokens, delays and failures, and records when it really emitted each. For tests. */
import type {
  ChatTurn,
  DecodeMeasurement,
  EngineScript,
  GenerationRequest,
  PrefillMeasurement,
  ScriptStep,
} from '../../../src/shared/protocol/engine';
import { FailureError } from '../../../src/shared/protocol/failure';
import { checkSenses } from '../check-senses';
import type { Engine, EngineLoad, EngineResult, MeasureControl, ReportLoad, StartedModel, TokenSink } from '../engine';
import { pause } from '../../pause';
import { measureDecode, measurePrefill, type ScriptedMeasurement } from './scripted-measurement';

const defaultContextTokens = 4096;
const forEver = (): Promise<never> => new Promise(() => {});

/** A token is a word here; it is enough for counting. */
const countWords = (text: string): number => text.split(/\s+/).filter((word) => word !== '').length;
const promptTokensOf = (turns: readonly ChatTurn[]): number =>
  turns.reduce((sum, { content }) => sum + countWords(content), 0);

export class ScriptedEngine implements Engine {
  readonly kind = 'scripted';
  /** `performance.now()` of this worker at each emitted token of the last generation, in ms. */
  readonly emissions: number[] = [];
  #script: EngineScript = { answers: [] };
  #generation = 0;
  #measurements = 0;

  async load(request: EngineLoad, progress: ReportLoad, signal: AbortSignal): Promise<StartedModel> {
    this.#script = request.script ?? { answers: [] };
    const { delayMs = 0, failure, hang = false } = this.#script.load ?? {};
    progress({ phase: 'reading', loadedBytes: 0, totalBytes: 1, fraction: 0 });
    if (hang) await forEver();
    await pause(delayMs, signal);
    if (signal.aborted) throw new DOMException('aborted', 'AbortError');
    if (failure) throw new FailureError(failure);
    progress({ phase: 'reading', loadedBytes: 1, totalBytes: 1, fraction: 1 });
    return {
      modelId: request.modelId,
      engine: 'scripted',
      backend: 'cpu',
      threads: 1,
      contextTokens: this.#script.contextTokens ?? defaultContextTokens,
      engineVersion: 'scripted',
    };
  }

  async generate(request: GenerationRequest, sink: TokenSink, signal: AbortSignal): Promise<EngineResult> {
    checkSenses(request.turns, undefined);
    const { answers, contextTokens = defaultContextTokens } = this.#script;
    const promptTokens = promptTokensOf(request.turns);
    if (promptTokens > contextTokens) {
      throw new FailureError({
        kind: 'context-exceeded',
        technical: 'scripted',
        numbers: { promptTokens, contextTokens },
      });
    }
    const steps = answers[Math.min(this.#generation, answers.length - 1)] ?? [];
    this.#generation += 1;
    this.emissions.length = 0;
    const maxTokens = request.sampling.maxTokens ?? Number.POSITIVE_INFINITY;

    for (const { token, delayMs } of this.#tokens(steps)) {
      if (delayMs > 0) await pause(delayMs, signal);
      if (signal.aborted) return { finishReason: 'cancelled', promptTokens, reusedTokens: 0 };
      if (this.emissions.length >= maxTokens) return { finishReason: 'length', promptTokens, reusedTokens: 0 };
      if (typeof token !== 'string') await this.#misbehave(token);
      else {
        this.emissions.push(performance.now());
        sink.token(token);
      }
    }
    return { finishReason: 'stop', promptTokens, reusedTokens: 0 };
  }

  countTokens(turns: readonly ChatTurn[]): Promise<number> {
    return Promise.resolve(promptTokensOf(turns));
  }

  async measurePrefill(tokens: number, control: MeasureControl = {}): Promise<PrefillMeasurement> {
    return measurePrefill(this.#nextMeasurement(), tokens, control);
  }

  async measureDecode(tokens: number, control: MeasureControl = {}): Promise<DecodeMeasurement> {
    this.emissions.length = 0;
    return measureDecode(this.#nextMeasurement(), tokens, control, (at) => this.emissions.push(at));
  }

  #nextMeasurement(): ScriptedMeasurement {
    const script = this.#script.measure ?? {};
    const number = this.#measurements;
    this.#measurements += 1;
    if (script.breaks && number >= script.breaks.after) throw new FailureError(script.breaks.failure);
    return { script, factor: script.slowdowns?.[number] ?? 1 };
  }

  unload(): Promise<void> {
    return Promise.resolve();
  }

  *#tokens(steps: readonly ScriptStep[]): Generator<{ token: string | ScriptStep; delayMs: number }> {
    for (const step of steps) {
      if ('token' in step) yield { token: step.token, delayMs: step.delayMs ?? 0 };
      else if ('repeat' in step) {
        for (let index = 0; index < step.count; index += 1) yield { token: step.repeat, delayMs: step.delayMs ?? 0 };
      } else yield { token: step, delayMs: 0 };
    }
  }

  async #misbehave(step: ScriptStep): Promise<void> {
    if ('fail' in step) throw new FailureError(step.fail);
    if ('throw' in step) throw new Error(step.throw);
    await forEver();
  }
}

/** Sotto's own engine behind the `Engine` interface: plain transformers in GGUF files, on the CPU of every browser. */
import type {
  ChatTurn,
  DecodeMeasurement,
  GenerationRequest,
  Pooling,
  PrefillMeasurement,
} from '../../../src/shared/protocol/engine';
import { FailureError } from '../../../src/shared/protocol/failure';
import { smallModelParameters } from '../choose-threads';
import { checkRequest, checkTexts } from '../check-request';
import type { Engine, EngineLoad, EngineResult, MeasureControl, ReportLoad, StartedModel, TokenSink } from '../engine';
import { untilAborted } from '../until-aborted';
import { writeAnswer } from './answer';
import { embeddingOf, tokensToEmbed } from './embedding';
import type { KernelBuild } from './kernels';
import { loadModel, type RunningModel } from './running-model';
import { measureDecode, measurePrefill } from './raw-measurement';
import { reportOf } from './model-report';

/** Raised when its arithmetic changes: figures of two revisions are not those of one engine. */
const revision = 2;

const kernelTitles: Readonly<Record<KernelBuild, string>> = {
  relaxed16: 'relaxed SIMD, 16-bit sums',
  relaxed32: 'relaxed SIMD, 32-bit sums',
  fixed: 'SIMD',
};

export class CpuEngine implements Engine {
  readonly kind = 'cpu';
  #running: RunningModel | undefined;

  /** @param leastKept parameters from which on it is worth while to keep what a model has read */
  constructor(private readonly leastKept = smallModelParameters) {}

  async load(request: EngineLoad, progress: ReportLoad, signal: AbortSignal): Promise<StartedModel> {
    await this.unload();
    const running = await loadModel(request, progress, signal, this.leastKept);
    this.#running = running;
    return {
      modelId: request.modelId,
      engine: this.kind,
      backend: 'cpu',
      threads: running.model.options.threads,
      contextTokens: running.model.options.contextTokens,
      engineVersion: `sotto ${revision} (${kernelTitles[running.kernelBuild]})`,
      ...reportOf(running),
    };
  }

  generate(request: GenerationRequest, sink: TokenSink, signal: AbortSignal): Promise<EngineResult> {
    const running = this.#model();
    checkRequest(request);
    return writeAnswer(running, request, untilAborted(sink, signal), signal);
  }

  async countTokens(turns: readonly ChatTurn[]): Promise<number> {
    return await this.#model().prompts.tokensOf(turns);
  }

  /** What was read of a conversation is left for later. */
  async embed(
    texts: readonly string[],
    pooling: Pooling | undefined,
    signal: AbortSignal,
  ): Promise<readonly Float32Array[] | null> {
    const running = this.#model();
    checkTexts(texts);
    running.kept?.pause();
    const vectors: Float32Array[] = [];
    for (const text of texts) {
      const tokens = await tokensToEmbed(running, text, signal);
      const vector = tokens && (await embeddingOf(running, tokens, pooling ?? running.pooling, signal));
      if (vector === null) return null;
      vectors.push(vector);
    }
    return vectors;
  }

  measurePrefill(tokens: number, control: MeasureControl = {}): Promise<PrefillMeasurement> {
    return measurePrefill(this.#model(), tokens, control);
  }

  measureDecode(tokens: number, control: MeasureControl = {}): Promise<DecodeMeasurement> {
    return measureDecode(this.#model(), tokens, control);
  }

  async unload(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.kept?.end();
    running?.end();
  }

  #model(): RunningModel {
    if (!this.#running) throw new FailureError({ kind: 'model-not-loaded', technical: 'no model is loaded' });
    return this.#running;
  }
}

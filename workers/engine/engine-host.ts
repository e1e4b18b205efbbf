/** Runs one engine, one job at a time, and turns all that can go wrong into data. The engine worker exposes exactly this. */
import type {
  ChatTurn,
  DecodeMeasurement,
  EmbedRequest,
  EngineKind,
  GenerationOutcome,
  GenerationRequest,
  JobId,
  LoadedModel,
  LoadRequest,
  PrefillMeasurement,
  TranscriptionRequest,
} from '../../src/shared/protocol/engine';
import type { EngineApi, EngineEvent } from '../../src/shared/protocol/engine-api';
import type { CeilingReadings } from '../../src/shared/domain/benchmark/ceiling';
import type { MeasureOptions } from '../../src/shared/protocol/measurement';
import type {
  BenchmarkEnd,
  BenchmarkEvent,
  BenchmarkPlan,
  PageState,
  WorkerTime,
} from '../../src/shared/protocol/benchmark';
import { loadJobId, memoryJobId } from '../../src/shared/protocol/engine';
import { failed, type Failed, FailureError, failureFrom, type Result } from '../../src/shared/protocol/failure';
import { loadPart } from '../load-part';
import { ReportedPage } from '../benchmark/reported-page';
import type { GpuCounter } from '../benchmark/runner-parts';
import type { ReadableFile } from '../file-content';
import { mediaOf } from './check-senses';
import type { Engine } from './engine';
import { TokenBatcher } from './token-batcher';

type EngineFactory = (kind: EngineKind) => Promise<Engine>;

/** Runs `work` on the files of a stored model, while nobody may delete or repair them. */
export type WithStoredFiles = <T>(modelId: string, work: (files: readonly ReadableFile[]) => Promise<T>) => Promise<T>;

interface RunningJob {
  readonly id: JobId;
  readonly abort: AbortController;
}

const busy = failed('engine-busy', 'another job is running');
const notLoaded = failed('model-not-loaded', 'no model is loaded');
const canceledLoad = failed('cancelled', 'the load was cancelled');
const canceledEmbedding = failed('cancelled', 'the embedding was cancelled');
const canceledTranscription = failed('cancelled', 'the transcription was cancelled');
const cannotHear = failed('model-cannot-hear', 'the loaded model takes no sounds');
const cannotEmbed = (kind: EngineKind): Failed => failed('embedding-unsupported', `${kind} makes no embeddings`);

export class EngineHost implements EngineApi {
  #engine: Engine | null = null;
  #loaded: LoadedModel | null = null;
  readonly #page = new ReportedPage();
  #job: RunningJob | null = null;

  constructor(
    private readonly createEngine: EngineFactory,
    private readonly post: (event: EngineEvent) => void,
    private readonly withStoredFiles: WithStoredFiles,
    private readonly gpu: GpuCounter | null = null,
  ) {}

  load(request: LoadRequest): Promise<Result<LoadedModel>> {
    return this.#run<LoadedModel>(loadJobId(request.modelId), async (signal) => {
      const startedAt = performance.now();
      // The old model goes first: two at once may not fit into memory.
      await this.#unloadEngine();
      this.gpu?.begin();
      const engine = await this.createEngine(request.engine);
      try {
        const load = (files: readonly ReadableFile[]): ReturnType<Engine['load']> =>
          engine.load(
            { ...request, files },
            (progress) => this.post({ type: 'load-progress', modelId: request.modelId, ...progress }),
            signal,
          );
        const loaded = await this.#withFiles(request.files, load);
        if (signal.aborted) {
          await engine.unload();
          return canceledLoad;
        }
        this.#engine = engine;
        engine.onLost = (failure): void => this.post({ type: 'engine-lost', failure });
        this.#loaded = { ...loaded, loadMilliseconds: performance.now() - startedAt };
        return { ok: true, value: this.#loaded };
      } catch (error) {
        if (signal.aborted) return canceledLoad;
        throw error;
      }
    });
  }

  generate(request: GenerationRequest): Promise<Result<GenerationOutcome>> {
    const requestedAt = performance.now();
    return this.#withEngine(request.jobId, async (engine, signal) => {
      const { jobId } = request;
      const batcher = new TokenBatcher(requestedAt, {
        text: (text, tokens) => this.post({ type: 'text', jobId, text, tokens }),
        prefillProgress: (processed, total) => this.post({ type: 'prefill-progress', jobId, processed, total }),
      });
      try {
        const { finishReason, promptTokens, reusedTokens, ...told } = await engine.generate(request, batcher, signal);
        return { finishReason, figures: { ...batcher.figures(promptTokens, reusedTokens), ...told } };
      } finally {
        // Also after a failure: what was generated before it belongs to the person.
        batcher.flush();
      }
    });
  }

  countTokens(turns: readonly ChatTurn[]): Promise<Result<number | null>> {
    // What pictures and sounds take, only reading them would tell.
    if (mediaOf(turns).length > 0) return Promise.resolve({ ok: true, value: null });
    return this.#withEngine('count', async (engine) => (await engine.countTokens?.(turns)) ?? null);
  }

  embed({ jobId, texts, pooling }: EmbedRequest): Promise<Result<readonly Float32Array[]>> {
    return this.#withEngine(jobId, async (engine, signal) => {
      if (!engine.embed) throw new FailureError(cannotEmbed(engine.kind).failure);
      const vectors = await engine.embed(texts, pooling, signal);
      if (vectors === null) throw new FailureError(canceledEmbedding.failure);
      return vectors;
    });
  }

  transcribe(request: TranscriptionRequest): Promise<Result<string>> {
    const { jobId } = request;
    const requestedAt = performance.now();
    return this.#withEngine(jobId, async (engine, signal) => {
      if (!engine.transcribe) throw new FailureError(cannotHear.failure);
      const batcher = new TokenBatcher(requestedAt, {
        text: (text, tokens) => this.post({ type: 'text', jobId, text, tokens }),
        prefillProgress: (processed, total) => this.post({ type: 'prefill-progress', jobId, processed, total }),
      });
      try {
        const text = await engine.transcribe(request, batcher, signal);
        if (text === null) throw new FailureError(canceledTranscription.failure);
        return text;
      } finally {
        batcher.flush();
      }
    });
  }

  measurePrefill(tokens: number, options?: MeasureOptions): Promise<Result<PrefillMeasurement>> {
    return this.#withEngine('measure', (engine) => engine.measurePrefill(tokens, options));
  }

  measureDecode(tokens: number, options?: MeasureOptions): Promise<Result<DecodeMeasurement>> {
    return this.#withEngine('measure', (engine) => engine.measureDecode(tokens, options));
  }

  measureMemory(mostBytes: number): Promise<Result<CeilingReadings>> {
    return this.#run(memoryJobId, async (signal) => {
      const { measureMemory } = await loadPart(() => import('../benchmark/measure-memory'));
      const found = await measureMemory(mostBytes, signal);
      return found ? { ok: true, value: found } : failed('cancelled', 'the measurement was cancelled');
    });
  }

  measure(plan: BenchmarkPlan): Promise<Result<BenchmarkEnd>> {
    const { jobId } = plan;
    return this.#withEngine(jobId, async (engine, signal) => {
      const { runOnEngine } = await loadPart(() => import('../benchmark/engine-run'));
      const loaded = this.#loaded;
      if (loaded === null) throw new FailureError(notLoaded.failure);
      const post = (event: BenchmarkEvent): void => this.post({ type: 'benchmark', runId: jobId, event });
      return runOnEngine(
        {
          engine,
          loaded,
          plan,
          page: this.#page,
          gpu: this.gpu,
          post,
          withFiles: (files, work) => this.#withFiles(files, (stored) => work(stored.map(({ content }) => content))),
        },
        signal,
      );
    });
  }

  observe(page: PageState): Promise<void> {
    this.#page.update(page);
    return Promise.resolve();
  }

  clock(): Promise<WorkerTime> {
    return Promise.resolve({ origin: performance.timeOrigin, now: performance.now() });
  }

  cancel(jobId: JobId): Promise<void> {
    if (this.#job?.id === jobId) this.#job.abort.abort();
    return Promise.resolve();
  }

  unload(): Promise<Result<null>> {
    return this.#run<null>('unload', async () => {
      await this.#unloadEngine();
      return { ok: true, value: null };
    });
  }

  emissions(): Promise<readonly number[]> {
    const recorder = this.#engine as (Engine & { readonly emissions?: readonly number[] }) | null;
    return Promise.resolve(recorder?.emissions ?? []);
  }

  #withFiles<T>(files: LoadRequest['files'], work: (files: readonly ReadableFile[]) => Promise<T>): Promise<T> {
    return 'storedModelId' in files
      ? this.withStoredFiles(files.storedModelId, work)
      : work(files.map((blob, index) => ({ path: String(index), content: blob })));
  }

  #withEngine<T>(id: JobId, work: (engine: Engine, signal: AbortSignal) => Promise<T>): Promise<Result<T>> {
    return this.#run<T>(id, async (signal) => {
      if (this.#engine === null) return notLoaded;
      return { ok: true, value: await work(this.#engine, signal) };
    });
  }

  /** One job at a time: two would share the engine and each would spoil the other's figures. */
  async #run<T>(id: JobId, work: (signal: AbortSignal) => Promise<Result<T>>): Promise<Result<T>> {
    if (this.#job !== null) return busy;
    const abort = new AbortController();
    this.#job = { id, abort };
    try {
      return await work(abort.signal);
    } catch (error) {
      return { ok: false, failure: failureFrom(error, 'engine-crashed') };
    } finally {
      this.#job = null;
    }
  }

  async #unloadEngine(): Promise<void> {
    const engine = this.#engine;
    this.#engine = null;
    this.#loaded = null;
    await engine?.unload();
  }
}

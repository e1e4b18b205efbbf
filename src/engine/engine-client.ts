/** The page's side of the engine worker. No promise of this class is left hanging. */
import type { Remote } from 'comlink';
import type {
  ChatTurn,
  DecodeMeasurement,
  EmbedRequest,
  GenerationOutcome,
  GenerationRequest,
  JobId,
  LoadedModel,
  LoadRequest,
  PrefillMeasurement,
  SealingKey,
  TranscriptionRequest,
} from '../shared/protocol/engine';
import type { EngineApi, EngineEvent } from '../shared/protocol/engine-api';
import type { CeilingReadings } from '../shared/domain/benchmark/ceiling';
import type { MeasureOptions } from '../shared/protocol/measurement';
import type { BenchmarkEnd, BenchmarkEvent, BenchmarkPlan, PageState, WorkerTime } from '../shared/protocol/benchmark';
import { loadJobId, memoryJobId } from '../shared/protocol/engine';
import { endsEngine, failureFrom, type Failure, type Result } from '../shared/protocol/failure';
import { WorkerHandle } from '../shared/platform/worker-handle';

/** How long a cancelled job may take to end before its worker is terminated, in ms: "stop" must work within a second. */
const cancelGraceMs = 600;

type EventListener = (event: EngineEvent) => void;

export class EngineClient {
  #worker: WorkerHandle<EngineApi, EngineEvent>;
  /** Whether the worker is the one that asks servers. */
  #asksServers = false;
  /** What has been asked and not been answered. */
  readonly #pending = new Set<{ readonly jobId: JobId | null }>();
  readonly #listeners = new Set<EventListener>();
  /** Told when the worker was lost or replaced: whatever was loaded is gone. */
  onWorkerLost: (failure: Failure) => void = () => {};
  /** Starts the worker that may reach servers of the person's own; set before a model of one is loaded. */
  startServerWorker: () => Worker = () => this.start();
  /** Why the server of the loaded model may not be asked; null where it may. Asked each time before words leave, since the answer may change. */
  serverRefusal: () => Promise<Failure | null> = () => Promise.resolve(null);

  /** @param sealing the key for what an engine keeps of conversations, while the chats are locked */
  constructor(
    private readonly start: () => Worker,
    private readonly sealing: () => SealingKey | null = () => null,
  ) {
    this.#worker = this.#handleOf(start);
  }

  #handleOf(start: () => Worker): WorkerHandle<EngineApi, EngineEvent> {
    return new WorkerHandle({
      start,
      name: 'the engine worker',
      crashed: 'engine-crashed',
      hear: (event) => this.#hear(event),
      ended: (failure) => this.onWorkerLost(failure),
    });
  }

  /** What computes and what may reach a server are never one thread. One of them runs at a time, as there is one model. */
  #use(server: boolean): void {
    if (this.#asksServers === server) return;
    this.terminate({ kind: 'cancelled', technical: 'another worker takes its place' });
    this.#asksServers = server;
    this.#worker = this.#handleOf(server ? () => this.startServerWorker() : this.start);
  }

  /** Starts the worker before it is needed, so that the first call need not wait for it. Why it cannot start, that call tells. */
  warmUp(): void {
    try {
      this.#worker.start();
    } catch {
      // Nothing waits for it yet.
    }
  }

  listen(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A cancelled load resolves with the failure `cancelled`. */
  async load(request: LoadRequest): Promise<Result<LoadedModel>> {
    this.#use(request.engine === 'server');
    const result = await this.#call(loadJobId(request.modelId), (api) => api.load(request));
    // WebLLM cannot be stopped in the middle of a load, and leaves half of one behind: only a new worker is clean. And Firefox
    // remembers that a part of the code could not be fetched: in the same worker, another try would fail at once.
    if (!result.ok && (request.engine === 'webllm' || result.failure.kind === 'part-unreachable'))
      this.terminate(result.failure);
    return result;
  }

  /** Text arrives at `onEvent` in order, all of it before the promise resolves. */
  async generate(
    request: GenerationRequest,
    onEvent: (event: Extract<EngineEvent, { jobId: JobId }>) => void,
  ): Promise<Result<GenerationOutcome>> {
    const stopListening = this.listen((event) => {
      if ('jobId' in event && event.jobId === request.jobId) onEvent(event);
    });
    const sealing = request.conversationId === undefined ? null : this.sealing();
    try {
      return await this.#call(request.jobId, (api) => api.generate({ ...request, ...(sealing && { sealing }) }));
    } finally {
      stopListening();
    }
  }

  countTokens(turns: readonly ChatTurn[]): Promise<Result<number | null>> {
    return this.#call('count', (api) => api.countTokens(turns));
  }

  /** Texts as directions, for search by meaning. Cancelled by the request's job id, with the failure `cancelled`. */
  embed(request: EmbedRequest): Promise<Result<readonly Float32Array[]>> {
    return this.#call(request.jobId, (api) => api.embed(request));
  }

  /** What is said in a sound; the pieces arrive at `onText` as they come. Cancelled by the request's job id, with the failure `cancelled`. */
  async transcribe(request: TranscriptionRequest, onText: (text: string) => void): Promise<Result<string>> {
    const stopListening = this.listen((event) => {
      if (event.type === 'text' && event.jobId === request.jobId) onText(event.text);
    });
    try {
      return await this.#call(request.jobId, (api) => api.transcribe(request));
    } finally {
      stopListening();
    }
  }

  measurePrefill(tokens: number, options?: MeasureOptions): Promise<Result<PrefillMeasurement>> {
    return this.#call('measure', (api) => api.measurePrefill(tokens, options));
  }

  measureDecode(tokens: number, options?: MeasureOptions): Promise<Result<DecodeMeasurement>> {
    return this.#call('measure', (api) => api.measureDecode(tokens, options));
  }

  measureMemory(mostBytes: number): Promise<Result<CeilingReadings>> {
    this.#use(false);
    return this.#call(memoryJobId, (api) => api.measureMemory(mostBytes));
  }

  /** Runs a benchmark; what it finds arrives at `onEvent` as it is found. Cancelled by the plan's job id. */
  async measure(plan: BenchmarkPlan, onEvent: (event: BenchmarkEvent) => void): Promise<Result<BenchmarkEnd>> {
    const stopListening = this.listen((event) => {
      if (event.type === 'benchmark' && event.runId === plan.jobId) onEvent(event.event);
    });
    try {
      return await this.#call(plan.jobId, (api) => api.measure(plan));
    } finally {
      stopListening();
    }
  }

  /** Tells a running benchmark what only the page can see. */
  observe(page: PageState): void {
    void this.#worker.running?.observe(page).catch(() => {});
  }

  /** The worker's clock. Null where no worker answers. */
  async clock(): Promise<WorkerTime | null> {
    return (await this.#worker.running?.clock().catch(() => null)) ?? null;
  }

  unload(): Promise<Result<null>> {
    if (this.#worker.running === null) return Promise.resolve({ ok: true, value: null });
    return this.#call(null, (api) => api.unload());
  }

  emissions(): Promise<readonly number[]> {
    return this.#worker.start().emissions();
  }

  /**
   * Ends a job. Asks first; a worker that has not ended the job after 600 ms is terminated, and the job is settled with
   * the failure `engine-unresponsive`. Resolves when the job has ended either way.
   */
  async cancel(jobId: JobId): Promise<void> {
    const engine = this.#worker.running;
    // Those of now: the same model may be loaded again, under the same name, as soon as they have ended.
    const meant = [...this.#pending].filter((call) => call.jobId === jobId);
    const goesOn = (): boolean => meant.some((call) => this.#pending.has(call));
    if (engine === null || !goesOn()) return;
    void engine.cancel(jobId).catch(() => {});
    const deadline = performance.now() + cancelGraceMs;
    while (goesOn() && performance.now() < deadline) await pause(10);
    if (goesOn()) {
      this.terminate({ kind: 'engine-unresponsive', technical: `no answer to cancel within ${cancelGraceMs} ms` });
    }
  }

  /** Terminates the worker at once. The next call starts another. */
  terminate(failure: Failure = { kind: 'engine-crashed', technical: 'terminated by the page' }): void {
    this.#worker.end(failure);
  }

  async #call<T>(jobId: JobId | null, send: (api: Remote<EngineApi>) => Promise<Result<T>>): Promise<Result<T>> {
    const pending = { jobId };
    this.#pending.add(pending);
    try {
      // To unload carries no words.
      const refusal = this.#asksServers && jobId !== null ? await this.serverRefusal() : null;
      if (refusal) return { ok: false, failure: refusal };
      const result = await send(this.#worker.start());
      if (!result.ok && endsEngine.has(result.failure.kind)) this.terminate(result.failure);
      return result;
    } catch (error) {
      return { ok: false, failure: failureFrom(error, 'engine-crashed') };
    } finally {
      this.#pending.delete(pending);
    }
  }

  #hear(event: EngineEvent): void {
    for (const listener of this.#listeners) listener(event);
    if (event.type === 'engine-lost') this.terminate(event.failure);
  }
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

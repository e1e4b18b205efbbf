/** WebLLM behind the `Engine` interface: MLC weights on the GPU, from our own store, with no way to the network. */
import type {
  ChatTurn,
  DecodeMeasurement,
  GenerationRequest,
  PrefillMeasurement,
} from '../../../src/shared/protocol/engine';
import { type Failure, FailureError } from '../../../src/shared/protocol/failure';
import { checkRequest } from '../check-request';
import type { Engine, EngineLoad, EngineResult, MeasureControl, ReportLoad, StartedModel, TokenSink } from '../engine';
import { untilAborted } from '../until-aborted';
import type { GpuFound } from './gpu-preflight';
import { GpuWatch } from './gpu-watch';
import { type LoadedMlc, loadMlc } from './load-mlc';
import { WebLlmAnswer } from './webllm-answer';
import { promptPieces } from './prompt-text';
import { measureDecode, measurePrefill } from './raw-measurement';
import { thinkingFor, withSystemMessage } from './chat-request';
import { Watchdog } from './watchdog';
import { startMlcEngine, type StartMlcEngine, webLlmVersion } from './web-llm-package';
import { whileAlive } from './while-alive';

/** How long a GPU may be silent, in ms. Its slowest honest work is one piece of a prompt. */
export interface Patience {
  readonly hardwareMs: number;
  /** A software adapter computes on the CPU: a token may take half a minute. */
  readonly softwareMs: number;
}

const usualPatience: Patience = { hardwareMs: 60_000, softwareMs: 600_000 };
/** A load is silent while a driver compiles: then the wait is so many times as long. */
const loadFactor = 5;

export class WebLlmEngine implements Engine {
  readonly kind = 'webllm';
  onLost: (failure: Failure) => void = () => undefined;
  #loaded: LoadedMlc | null = null;
  #watch = new GpuWatch();
  #lost: Failure | null = null;
  #running = false;
  /** What the GPU is still busy with: a call is answered when it is cancelled, not when the GPU is through. */
  #draining: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly start: StartMlcEngine = startMlcEngine,
    private readonly patience: Patience = usualPatience,
  ) {}

  async load(request: EngineLoad, report: ReportLoad, signal: AbortSignal): Promise<StartedModel> {
    const watch = (this.#watch = new GpuWatch());
    void watch.lost.then((failure) => this.#noteLoss(watch, failure));
    const watchdog = new Watchdog(loadFactor * this.patience.hardwareMs);
    const parts = {
      start: this.start,
      watch,
      signal,
      report,
      found: ({ software }: GpuFound) => watchdog.waitFor(loadFactor * this.#patienceFor(software)),
      alive: () => watchdog.feed(),
    };
    this.#running = true;
    try {
      const loaded = await whileAlive(loadMlc(request, parts), { watch, watchdog, signal, loading: true });
      this.#loaded = loaded;
      watch.loaded();
      return {
        modelId: request.modelId,
        engine: this.kind,
        backend: 'webgpu',
        adapter: loaded.gpu.name,
        threads: 1,
        contextTokens: loaded.contextTokens,
        engineVersion: `WebLLM ${webLlmVersion}`,
        ...loaded.report,
      };
    } catch (error) {
      // WebLLM cannot be stopped in the middle of a load: without its device it ends soon. The page replaces this worker.
      watch.letGo();
      throw error;
    } finally {
      watchdog.stop();
      this.#running = false;
    }
  }

  async generate(request: GenerationRequest, sink: TokenSink, signal: AbortSignal): Promise<EngineResult> {
    const loaded = this.#current();
    checkRequest(request);
    return this.#watched(loaded, signal, async (watchdog, life) => {
      const answer = new WebLlmAnswer(loaded, request, untilAborted(sink, signal), signal, () => watchdog.feed());
      try {
        return await whileAlive(
          this.#exclusively(() => answer.write()),
          life,
        );
      } catch (error) {
        if (signal.aborted) return answer.cancelled();
        throw error;
      }
    });
  }

  countTokens(turns: readonly ChatTurn[]): Promise<number | null> {
    const { internals, template, config } = this.#current();
    const thinking = thinkingFor({ jobId: '', turns, sampling: {} }, config.modelType, template);
    const tokens = internals.count(promptPieces(withSystemMessage(turns, template), template, thinking));
    return Promise.resolve(tokens === null ? null : template.systemPrefixTokenIds.length + tokens);
  }

  measurePrefill(tokens: number, control: MeasureControl = {}): Promise<PrefillMeasurement> {
    return this.#measure(control, ({ engine, internals }) => measurePrefill(engine, internals, tokens, control));
  }

  measureDecode(tokens: number, control: MeasureControl = {}): Promise<DecodeMeasurement> {
    return this.#measure(control, ({ engine, internals }, alive) =>
      measureDecode(engine, internals, tokens, control, alive),
    );
  }

  async unload(): Promise<void> {
    const loaded = this.#loaded;
    this.#loaded = null;
    // In the middle of an answer the package's own way takes seconds and then fails; without a device there is nothing to wait for.
    this.#watch.letGo();
    await Promise.race([
      loaded?.engine.unload().catch(() => undefined),
      new Promise((resolve) => setTimeout(resolve, 500)),
    ]);
  }

  #measure<T>(
    { signal = new AbortController().signal }: MeasureControl,
    run: (loaded: LoadedMlc, alive: () => void) => Promise<T>,
  ): Promise<T> {
    const loaded = this.#current();
    return this.#watched(loaded, signal, (watchdog, life) => {
      const work = this.#exclusively(async () => {
        loaded.kept.forget();
        try {
          return await run(loaded, () => watchdog.feed());
        } finally {
          await loaded.engine.resetChat();
        }
      });
      return whileAlive(work, life);
    });
  }

  async #watched<T>(
    { gpu }: LoadedMlc,
    signal: AbortSignal,
    run: (watchdog: Watchdog, life: Parameters<typeof whileAlive>[1]) => Promise<T>,
  ): Promise<T> {
    const watchdog = new Watchdog(this.#patienceFor(gpu.software));
    this.#running = true;
    try {
      return await run(watchdog, { watch: this.#watch, watchdog, signal, loading: false });
    } finally {
      watchdog.stop();
      this.#running = false;
    }
  }

  #patienceFor(software: boolean): number {
    return software ? this.patience.softwareMs : this.patience.hardwareMs;
  }

  #noteLoss(watch: GpuWatch, failure: Failure): void {
    if (watch !== this.#watch) return;
    this.#lost = failure;
    if (!this.#running) this.onLost(failure);
  }

  #current(): LoadedMlc {
    if (this.#lost) throw new FailureError(this.#lost);
    if (!this.#loaded) throw new FailureError({ kind: 'model-not-loaded', technical: 'no model is loaded' });
    return this.#loaded;
  }

  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#draining.then(work);
    this.#draining = result.catch(() => undefined);
    return result;
  }
}

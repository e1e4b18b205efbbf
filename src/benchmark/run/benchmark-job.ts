/** One run, from the lock that no other tab may hold to the result: loads, measures, watches, and keeps what there is. */
import { contextOf, type ProfileName } from '../../shared/domain/benchmark/profiles';
import type { BenchmarkEnd, BenchmarkEvent } from '../../shared/protocol/benchmark';
import type { BenchmarkResult, ResultChat, ResultEnd, ResultLoad } from '../statistics/result';
import type { LoadedModel } from '../../shared/protocol/engine';
import { FailureError, type Result } from '../../shared/protocol/failure';
import type { ModelDescriptor } from '../../shared/domain/model';
import { assembleResult } from '../result/assemble-result';
import type { RunFacts } from '../result/run-facts';
import { nothingSeen } from '../result/observations';
import { RunRecord } from '../result/run-record';
import { PageWatch } from '../watch/page-watch';
import { chatJobId, chatTest } from './chat-test';
import { clockOffset } from './clock-offset';
import type { JobListener, JobParts } from './job-parts';
import { benchmarkJobId, ceilingBytesFor, makePlan } from './make-plan';
import { measureLoads, noLoads, type LoadTimes } from './measure-loads';
import { sampleMemory } from './page-memory';
import { uuidV7 } from './uuid-v7';
import { whenQuiet } from './when-quiet';

/** Between two times at which the unfinished result is put away, ms. */
const keepEveryMs = 5000;

export class BenchmarkJob {
  readonly #record = new RunRecord();
  readonly #watch: PageWatch;
  readonly #id = uuidV7();
  readonly #startedOn = Date.now();
  readonly #startedAt = performance.now();
  readonly #muasm: number[] = [];
  #model: ModelDescriptor;
  #stopped = false;
  /** The result as it will stay is on its way: no unfinished one may come after it. */
  #finished = false;
  #busyAtStart = false;
  #loads: LoadTimes = noLoads;
  #loaded: LoadedModel | null = null;
  #workerZero = 0;
  #chat: ResultChat | null = null;
  #keptAt = performance.now();

  constructor(
    private readonly parts: JobParts,
    private readonly profile: ProfileName,
    private readonly minutes: number,
    private readonly listener: JobListener,
  ) {
    this.#model = parts.model.chosen;
    this.#watch = new PageWatch((state) => {
      parts.client.observe(state);
      listener.sees(state);
    });
  }

  stop(): void {
    this.#stopped = true;
    const { client } = this.parts;
    for (const job of [benchmarkJobId, chatJobId]) void client.cancel(job);
    this.parts.model.cancelLoad();
  }

  /**
   * Only inside `inTurn`.
   * @returns null when it was stopped before there was anything to keep
   * @throws FailureError when not even a part of a result came about
   */
  async run(): Promise<BenchmarkResult | null> {
    try {
      this.listener.phase('preparing', 0);
      await this.#watch.start();
      this.#busyAtStart = await whenQuiet(
        this.#watch,
        () => this.listener.askBusy(),
        () => this.#stopped,
      );
      if (this.#stopped) return null;
      const loaded = await this.#load();
      if (!loaded.ok) {
        if (this.#stopped) return null;
        throw new FailureError(loaded.failure);
      }
      this.#loaded = loaded.value;
      return await this.#measure(loaded.value);
    } finally {
      this.#watch.stop();
    }
  }

  async #load(): Promise<Result<LoadedModel>> {
    this.listener.phase('loading', 0);
    const { model } = this.parts;
    // Of this moment: another may have been chosen while an answer was awaited.
    this.#model = model.chosen;
    if (this.profile !== 'standard') return model.load();
    await this.#sampleMemory();
    const limit = this.parts.contextLimit(this.#model);
    const contextTokens = Math.min(contextOf('standard'), limit ?? Infinity);
    const measured = await measureLoads(this.parts, this.#model, contextTokens, () => this.#stopped);
    this.#loads = measured.times;
    await this.#sampleMemory();
    return measured.loaded;
  }

  async #measure(loaded: LoadedModel): Promise<BenchmarkResult | null> {
    const { client } = this.parts;
    const offset = await clockOffset(() => client.clock());
    this.#workerZero = offset?.workerZero ?? performance.now();
    const files = await this.parts.weightsOf(this.#model);
    const plan = makePlan(this.profile, this.#model.id, {
      minutes: this.minutes,
      files: files.ok ? files.value : [],
      ceilingBytes: ceilingBytesFor(await this.parts.device()),
      elapsedMs: performance.now() - this.#startedAt,
    });
    client.observe(this.#watch.state);
    const end = await client.measure(plan, (event) => this.#take(event));
    if (!end.ok && this.#record.reps.length === 0 && !this.#stopped) throw new FailureError(end.failure);
    if (end.ok && end.value === 'finished') await this.#around();
    if (this.#record.reps.every(({ warmUp }) => warmUp) && this.#stopped) return null;
    this.#finished = true;
    return this.result(this.#endOf(end), loaded);
  }

  /** What is measured beside the engine: a turn of the chat with everything drawn, and memory. */
  async #around(): Promise<void> {
    if (this.profile !== 'standard' || this.#stopped) return;
    this.listener.phase('chat', 0);
    if (this.listener.canDraw())
      this.#chat = await chatTest(
        this.parts.client,
        (text) => this.listener.draw(text),
        () => this.#stopped,
      );
    await this.#sampleMemory();
  }

  #endOf(end: Result<BenchmarkEnd>): ResultEnd {
    if (this.#stopped) return { how: 'stopped' };
    const failure = end.ok ? this.#record.failure : end.failure;
    return failure ? { how: 'broke-off', failure } : { how: end.ok ? end.value : 'broke-off' };
  }

  #take(event: BenchmarkEvent): void {
    const now = performance.now();
    this.#record.take(event, now);
    if (event.type === 'phase') this.listener.phase(event.phase, event.fraction, event);
    // Between two repetitions, when a little work of the page disturbs nothing.
    if (event.type !== 'rep' || event.rep.warmUp || now - this.#keptAt < keepEveryMs) return;
    this.#keptAt = now;
    // Should the page die now, this is what is found of the run at the next visit.
    if (this.#loaded)
      void this.result({ how: 'interrupted' }, this.#loaded).then((result) => {
        if (!this.#finished) this.listener.keep(result);
      });
  }

  async result(ended: ResultEnd, loaded: LoadedModel): Promise<BenchmarkResult> {
    const { parts } = this;
    const seen = await this.#watch.seen().catch(() => nothingSeen);
    const facts: RunFacts = {
      id: this.#id,
      profile: this.profile,
      startedOn: this.#startedOn,
      startedAt: this.#startedAt,
      endedAt: performance.now(),
      workerZero: this.#workerZero,
      ended,
      record: this.#record,
      observations: { ...seen, busyAtStart: this.#busyAtStart, modelDeleted: !parts.isStored(this.#model) },
      loaded,
      model: parts.identify(this.#model),
      device: await parts.device(),
      label: parts.identity.label,
      localId: parts.identity.id,
      load: { ...this.#loads, ...this.#coldLoad() },
      chat: this.#chat,
      muasmMib: this.#muasm,
      sustainedMinutes: this.profile === 'sustained' ? this.minutes : null,
      app: parts.app,
    };
    return assembleResult(facts);
  }

  /** Download and load, where the download happened on this visit and in one go. */
  #coldLoad(): Pick<ResultLoad, 'cold_ms' | 'dl_mbs'> {
    const download = this.parts.downloadOf(this.#model.id);
    const { warm_ms: loadMs } = this.#loads;
    return {
      cold_ms: download && loadMs !== null ? download.milliseconds + loadMs : null,
      dl_mbs: download && download.bytes / download.milliseconds / 1000,
    };
  }

  async #sampleMemory(): Promise<void> {
    const mebibytes = await sampleMemory();
    if (mebibytes !== null) this.#muasm.push(mebibytes);
  }
}

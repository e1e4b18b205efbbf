/** Two models or two settings in one session, in turn: A B B A A B B A … What drifts weighs on both, and falls out of the ratio. */
import { differenceOfPairs, pairRatios } from '../statistics/comparison';
import type { BenchmarkEvent, BenchmarkPlan } from '../../shared/protocol/benchmark';
import type { BenchmarkResult } from '../statistics/result';
import { testName, type TestShape } from '../../shared/domain/benchmark/shapes';
import { median } from '../../shared/domain/benchmark/statistics';
import { rateOf } from '../../shared/domain/benchmark/validity';
import type { CpuEngineKind } from '../../shared/domain/engine-choice';
import type { Backend, LoadedModel } from '../../shared/protocol/engine';
import { FailureError, failureFrom } from '../../shared/protocol/failure';
import type { ModelDescriptor } from '../../shared/domain/model';
import type { StoredComparison } from '../history/database';
import { assembleResult } from '../result/assemble-result';
import { RunRecord } from '../result/run-record';
import { PageWatch } from '../watch/page-watch';
import { clockOffset } from './clock-offset';
import type { JobListener, JobParts } from './job-parts';
import { benchmarkJobId, makePlan } from './make-plan';
import { noLoads } from './measure-loads';
import { uuidV7 } from './uuid-v7';

export interface ComparedSide {
  readonly model: ModelDescriptor;
  /** Absent: as the engine chooses. */
  readonly threads?: number;
  readonly backend?: Backend;
  readonly cpuEngine?: CpuEngineKind;
  /** For people: "Qwen3 0.6B, 2 threads". */
  readonly name: string;
}

type SideKey = 'a' | 'b';

export const comparisonShapes: readonly TestShape[] = [
  { kind: 'pp', tokens: 128, depth: 0 },
  { kind: 'tg', tokens: 64, depth: 0 },
];
const pairs = 6;
const perBlock = 2;
const sideCount = 2;
/** The load before each block is pause enough. */
const gapMs = 150;
/** More repetitions than a block has. */
const orderStep = 1000;

interface Measured {
  readonly record: RunRecord;
  loaded: LoadedModel | null;
}

export interface ComparisonOutcome {
  readonly comparison: StoredComparison;
  readonly results: readonly [BenchmarkResult, BenchmarkResult];
}

export class CompareJob {
  readonly #startedOn = Date.now();
  readonly #startedAt = performance.now();
  readonly #watch: PageWatch;
  readonly #measured: Record<SideKey, Measured> = {
    a: { record: new RunRecord(), loaded: null },
    b: { record: new RunRecord(), loaded: null },
  };
  readonly #blocks: { side: SideKey; rates: Map<string, number> }[] = [];
  /** Shorter than asked for where either side is slow; from the second block on, the same for both. */
  #shapes = comparisonShapes;
  #workerZero = 0;
  #stopped = false;

  constructor(
    private readonly parts: JobParts,
    private readonly sides: Readonly<Record<SideKey, ComparedSide>>,
    private readonly listener: Pick<JobListener, 'phase' | 'sees'>,
  ) {
    this.#watch = new PageWatch((state) => {
      parts.client.observe(state);
      listener.sees(state);
    });
  }

  stop(): void {
    this.#stopped = true;
    void this.parts.client.cancel(benchmarkJobId);
    this.parts.model.cancelLoad();
  }

  /** Only inside `inTurn`. @returns null when it was stopped before both had a turn @throws FailureError */
  async run(): Promise<ComparisonOutcome | null> {
    try {
      await this.#watch.start();
      const order = Array.from({ length: pairs }, (_, pair): SideKey[] =>
        pair % 2 === 0 ? ['a', 'b'] : ['b', 'a'],
      ).flat();
      const beganAt = performance.now();
      for (const [index, side] of order.entries()) {
        if (this.#stopped) break;
        const perBlockMs = index < sideCount ? null : (performance.now() - beganAt) / index;
        const leftMs = perBlockMs && perBlockMs * (order.length - index);
        this.listener.phase('measuring', index / order.length, { leftMs, extension: null });
        await this.#block(side, index);
      }
      const { a, b } = this.#measured;
      if (!a.loaded || !b.loaded || this.#blocks.length < 2) return null;
      return await this.#outcome(a.loaded, b.loaded);
    } finally {
      this.#watch.stop();
    }
  }

  async #block(side: SideKey, index: number): Promise<void> {
    const { model, threads, backend, cpuEngine } = this.sides[side];
    const measured = this.#measured[side];
    const { contextTokens } = model;
    const loaded = await this.parts.model.loadAs(model, {
      ...(contextTokens !== undefined && { contextTokens }),
      ...(threads !== undefined && { threads }),
      ...(backend && { backend }),
      ...(cpuEngine && { cpuEngine }),
    });
    if (!loaded.ok) {
      if (this.#stopped) return;
      throw new FailureError(loaded.failure);
    }
    measured.loaded = loaded.value;
    this.#workerZero = (await clockOffset(() => this.parts.client.clock()))?.workerZero ?? this.#workerZero;
    this.parts.client.observe(this.#watch.state);
    const rates = new Map<string, number[]>();
    const made = new Map<TestShape['kind'], TestShape>();
    const end = await this.parts.client.measure(this.#plan(model.id, index), (event) => {
      measured.record.take(numbered(event, index * orderStep), performance.now());
      if (event.type !== 'rep' || event.rep.warmUp || event.rep.causes.length > 0) return;
      const { shape } = event.rep;
      made.set(shape.kind, shape);
      const name = testName(shape);
      rates.set(name, [...(rates.get(name) ?? []), rateOf(event.rep) ?? Number.NaN]);
    });
    if (!this.#stopped) {
      if (!end.ok) throw new FailureError(end.failure);
      if (end.value === 'broke-off') throw new FailureError(measured.record.failure ?? failureFrom('broke off'));
    }
    if (index < sideCount) this.#shapes = this.#shapes.map((shape) => made.get(shape.kind) ?? shape);
    this.#blocks.push({ side, rates: new Map([...rates].map(([name, values]) => [name, median(values)])) });
  }

  #plan(modelId: string, index: number): BenchmarkPlan {
    const quick = makePlan('quick', modelId, { minutes: 0, files: [], ceilingBytes: 0 });
    return {
      ...quick,
      shapes: this.#shapes,
      // Each side has had its say about what is affordable; a ratio needs the same test on both.
      ...(index >= sideCount && { repetitionMs: Number.POSITIVE_INFINITY }),
      repetitions: { least: perBlock, most: perBlock },
      mostWarmUps: 2,
      gapMs,
      ceiling: 'none',
      // Once for each of the two.
      knownAnswer: index < sideCount ? quick.knownAnswer : null,
      seed: quick.seed + index * orderStep,
    };
  }

  async #outcome(a: LoadedModel, b: LoadedModel): Promise<ComparisonOutcome> {
    const names = this.#shapes.map(testName);
    // What the first side made before the second made it shorter is no test of this comparison.
    for (const { record } of Object.values(this.#measured)) record.keepOnly(names);
    const results = [await this.#result('a', a), await this.#result('b', b)] as const;
    return {
      results,
      comparison: {
        id: uuidV7(this.#startedOn),
        started: new Date(this.#startedOn).toISOString(),
        suite: results[0].suite,
        sides: [this.sides.a.name, this.sides.b.name],
        results: [results[0].id, results[1].id],
        tests: names.map((name) => {
          const blocks = this.#blocks.map(({ side, rates }) => ({ side, rate: rates.get(name) ?? null }));
          const ratios = pairRatios(blocks);
          return { name, ratios, difference: differenceOfPairs(ratios) };
        }),
      },
    };
  }

  async #result(side: SideKey, loaded: LoadedModel): Promise<BenchmarkResult> {
    const { parts } = this;
    const { model } = this.sides[side];
    const seen = await this.#watch.seen();
    return assembleResult({
      id: uuidV7(this.#startedOn),
      profile: 'comparison',
      startedOn: this.#startedOn,
      startedAt: this.#startedAt,
      endedAt: performance.now(),
      workerZero: this.#workerZero,
      ended: { how: this.#stopped ? 'stopped' : 'finished' },
      record: this.#measured[side].record,
      observations: { ...seen, busyAtStart: false, modelDeleted: !parts.isStored(model) },
      loaded,
      model: parts.identify(model),
      device: await parts.device(),
      label: parts.identity.label,
      localId: parts.identity.id,
      load: { ...noLoads, cold_ms: null, dl_mbs: null },
      chat: null,
      muasmMib: [],
      sustainedMinutes: null,
      app: parts.app,
    });
  }
}

/** Orders of different blocks must not meet in one record. */
function numbered(event: BenchmarkEvent, from: number): BenchmarkEvent {
  if (event.type === 'rep') return { ...event, rep: { ...event.rep, order: event.rep.order + from } };
  return event.type === 'tokens' ? { ...event, order: event.order + from } : event;
}

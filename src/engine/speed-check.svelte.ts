/**
 * How fast models will be here, measured in a few seconds before any of them is downloaded: the memory of CPU and GPU, and what
 * the engine makes of a core, by the Guide's own prefill and decode.
 */
import { KeptSwitch } from '../ui/kept-switch.svelte';
import { plateauOf, type CeilingReadings } from '../shared/domain/benchmark/ceiling';
import { memoryJobId } from '../shared/protocol/engine';
import type { ModelDescriptor } from '../shared/domain/model';
import type { ActiveModel } from './active-model.svelte';
import { quickSpeeds, type QuickSpeeds } from './device-memory';

const key = 'here';
const mebibyte = 1024 ** 2;
/** Larger than most caches; phones end pages that take much. */
const bytesToRead = { mobile: 64 * mebibyte, other: 256 * mebibyte } as const;
const prefillTokens = 128;
const decodeTokens = 64;
const repetitions = 3;
/** On as many visits, since the device may have been busy. */
const checksWanted = 3;
/** A browser or a driver may have become faster since, in ms. */
const staleAfterMs = 90 * 24 * 60 * 60 * 1000;

export class SpeedCheck {
  #running = $state(false);
  #failed = $state(false);
  #doneOnThisVisit = $state(false);
  readonly #automatic = new KeptSwitch('sotto.speed-check');

  constructor(
    private readonly model: ActiveModel,
    private readonly guide: ModelDescriptor,
    private readonly mobile: boolean,
  ) {}

  get running(): boolean {
    return this.#running;
  }

  /** Whether the last one found nothing. */
  get failed(): boolean {
    return this.#failed;
  }

  get found(): QuickSpeeds | null {
    return quickSpeeds.get(key) ?? null;
  }

  /** Whether it runs by itself when nothing else goes on. */
  get automatic(): boolean {
    return this.#automatic.on;
  }
  set automatic(on: boolean) {
    this.#automatic.choose(on);
  }

  /** Whether it should run by itself as soon as nothing else goes on. */
  get isDue(): boolean {
    const { found } = this;
    if (!this.#automatic.on || this.#running || this.#failed || this.#doneOnThisVisit) return false;
    return !found || found.checks < checksWanted || isStale(found);
  }

  /**
   * Measures, unless somebody uses the engine; whoever wants it meanwhile gets it at once, and nothing is kept then.
   * @returns whether something was found
   */
  async run(): Promise<boolean> {
    if (this.#running) return false;
    this.#running = true;
    const found = await (this.model.inBackground((signal) => this.#measure(signal)) ?? 'in-use');
    this.#running = false;
    if (found === 'in-use' || found === 'stopped') return false;
    this.#failed = found === null;
    if (found === null) return false;
    this.#doneOnThisVisit = true;
    quickSpeeds.set(key, bestOf(this.found, found));
    return true;
  }

  async #measure(signal: AbortSignal): Promise<QuickSpeeds | 'stopped' | null> {
    const { client, loaded } = this.model;
    const stop = (): void => void client.cancel(memoryJobId).then(() => client.cancel('measure'));
    signal.addEventListener('abort', stop, { once: true });
    const isGuide = loaded?.modelId === this.guide.id && loaded.backend === 'cpu';
    const prefill: number[] = [];
    const decode: number[] = [];
    for (let round = 0; isGuide && round < repetitions && !signal.aborted; round += 1) {
      const read = await client.measurePrefill(prefillTokens);
      if (read.ok && read.value.milliseconds > 0) prefill.push((1000 * read.value.tokens) / read.value.milliseconds);
      if (signal.aborted) break;
      const written = await client.measureDecode(decodeTokens);
      if (written.ok) decode.push(...rateOf(written.value.timestamps));
    }
    if (signal.aborted) return 'stopped';
    const memory = await client.measureMemory(this.mobile ? bytesToRead.mobile : bytesToRead.other);
    signal.removeEventListener('abort', stop);
    if (signal.aborted || (!memory.ok && memory.failure.kind === 'cancelled')) return 'stopped';
    const speeds = memory.ok ? speedsOf(memory.value) : { cpu: null, gpu: null, threads: 1 };
    if (speeds.cpu === null && speeds.gpu === null) return null;
    const tokens = middleOf(decode);
    const oneThread = loaded?.threads === 1 ? tokens : null;
    return {
      at: Date.now(),
      checks: 1,
      ...speeds,
      prefill: middleOf(prefill),
      decode: tokens,
      coreRate: oneThread === null ? null : (oneThread * this.guide.bytes) / 1e9,
    };
  }
}

const isStale = ({ at }: QuickSpeeds): boolean => Date.now() - at > staleAfterMs;

function bestOf(before: QuickSpeeds | null, now: QuickSpeeds): QuickSpeeds {
  if (before === null || isStale(before) || before.threads !== now.threads) return now;
  const best = (name: 'cpu' | 'gpu' | 'prefill' | 'decode' | 'coreRate'): number | null => {
    const known = [before[name], now[name]].filter((value) => value !== null);
    return known.length === 0 ? null : Math.max(...known);
  };
  return {
    at: now.at,
    checks: before.checks + 1,
    threads: now.threads,
    cpu: best('cpu'),
    gpu: best('gpu'),
    prefill: best('prefill'),
    decode: best('decode'),
    coreRate: best('coreRate'),
  };
}

function speedsOf({ cpu, gpu }: CeilingReadings): Pick<QuickSpeeds, 'cpu' | 'gpu' | 'threads'> {
  const [reading] = cpu;
  return {
    cpu: reading ? (plateauOf(reading.readings)?.gigabytesPerSecond ?? null) : null,
    gpu: gpu ? (plateauOf(gpu.readings)?.gigabytesPerSecond ?? null) : null,
    threads: reading?.threads ?? 1,
  };
}

/** Tokens per second between the first token and the last. */
function rateOf(timestamps: readonly number[]): readonly number[] {
  const [first] = timestamps;
  const last = timestamps.at(-1);
  return first === undefined || last === undefined || last <= first
    ? []
    : [(1000 * (timestamps.length - 1)) / (last - first)];
}

function middleOf(values: readonly number[]): number | null {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
}

/** Watches what only a page can see while a run goes on: whether it is in view, awake and left alone, and how the device fares. */
import type { PageState } from '../../shared/protocol/benchmark';
import type { Disturbance, DisturbanceKind, Observations } from '../result/observations';
import { readBattery, type BatteryReading } from './battery';
import { medianFrame } from './frames';
import { holdWakeLock } from '../../device/wake-lock';
import { watchPressure } from './pressure';

/** What may be told of one run. A page that janks without end must not fill the memory with it. */
const mostDisturbances = 2000;
const heartbeatMs = 1000;
/** A beat that comes later than this was not late, but asleep. */
const sleptMs = 4000;

export class PageWatch {
  readonly #disturbances: Disturbance[] = [];
  /** Since when something goes on, by its kind. */
  readonly #open = new Map<DisturbanceKind, number>();
  readonly #pressure: { at: number; state: string }[] = [];
  readonly #ends = new AbortController();
  #battery: BatteryReading | null = null;
  #frameMs: number | null = null;
  #wakeLock = false;
  #pressed = false;

  constructor(private readonly onState: (state: PageState) => void) {}

  get state(): PageState {
    return { visible: !this.#open.has('hidden'), pressed: this.#pressed };
  }

  async start(): Promise<void> {
    const { signal } = this.#ends;
    const follow = (): void => this.#follow();
    document.addEventListener('visibilitychange', follow, { signal });
    document.addEventListener('freeze', () => this.#begin('frozen'), { signal });
    document.addEventListener('resume', () => this.#end('frozen'), { signal });
    addEventListener('blur', follow, { signal });
    addEventListener('focus', follow, { signal });
    this.#follow();
    this.#watchLongTasks();
    this.#watchSleep();
    watchPressure((state, at) => this.#onPressure(state, at), signal);
    const [battery, frameMs, wakeLock] = await Promise.all([readBattery(), medianFrame(), holdWakeLock(signal)]);
    this.#battery = battery;
    this.#frameMs = frameMs;
    this.#wakeLock = wakeLock;
  }

  /** What was seen so far; what still goes on counts until now. */
  async seen(): Promise<Omit<Observations, 'busyAtStart' | 'modelDeleted'>> {
    const now = performance.now();
    const after = await readBattery();
    const battery = this.#battery && {
      ...this.#battery,
      before: this.#battery.level,
      after: after?.level ?? this.#battery.level,
    };
    const open = [...this.#open].map(([kind, from]) => ({ kind, from, to: now }));
    return {
      disturbances: [...this.#disturbances, ...open],
      pressure: [...this.#pressure],
      battery: battery && {
        charging: battery.charging && after?.charging !== false,
        before: battery.before,
        after: battery.after,
      },
      frameMs: this.#frameMs,
      wakeLock: this.#wakeLock,
    };
  }

  stop(): void {
    this.#ends.abort();
  }

  #follow(): void {
    const hidden = document.visibilityState === 'hidden';
    this.#set('hidden', hidden);
    this.#set('unfocused', !hidden && !document.hasFocus());
    this.onState(this.state);
  }

  #set(kind: DisturbanceKind, on: boolean): void {
    if (on) this.#begin(kind);
    else this.#end(kind);
  }

  #begin(kind: DisturbanceKind): void {
    if (!this.#open.has(kind)) this.#open.set(kind, performance.now());
  }

  #end(kind: DisturbanceKind): void {
    const from = this.#open.get(kind);
    if (from === undefined) return;
    this.#open.delete(kind);
    this.#note(kind, from, performance.now());
  }

  #note(kind: DisturbanceKind, from: number, to: number): void {
    if (this.#disturbances.length < mostDisturbances) this.#disturbances.push({ kind, from, to });
  }

  #watchLongTasks(): void {
    if (!('PerformanceObserver' in globalThis)) return;
    const observer = new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) this.#note('long-task', startTime, startTime + duration);
    });
    // A browser that does not know the type ignores it, or throws.
    try {
      observer.observe({ type: 'longtask' });
    } catch {
      return;
    }
    this.#ends.signal.addEventListener('abort', () => observer.disconnect());
  }

  /** Timers stop when a device sleeps or a page is frozen, whether or not an event tells of it. */
  #watchSleep(): void {
    let last = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      // Hidden pages have slow timers, and are noted as hidden anyway.
      if (now - last > sleptMs && !this.#open.has('hidden')) this.#note('frozen', last, now);
      last = now;
    }, heartbeatMs);
    this.#ends.signal.addEventListener('abort', () => clearInterval(timer));
  }

  #onPressure(state: string, at: number): void {
    this.#pressure.push({ at, state });
    this.#pressed = state === 'serious' || state === 'critical';
    this.#set('pressure', this.#pressed);
    this.onState(this.state);
  }
}

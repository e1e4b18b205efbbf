import type { BenchmarkEvent, BenchmarkPhase, Forecast } from '../../src/shared/protocol/benchmark';
import type { Clock } from './clock';

/** The page redraws for these, so they come rarely, and never within a repetition. */
const leastMs = 1000;

export class Progress {
  #toldAt = -Infinity;
  #phase: BenchmarkPhase | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly post: (event: BenchmarkEvent) => void,
  ) {}

  tell(phase: BenchmarkPhase, fraction: number, { leftMs = null, extension = null }: Partial<Forecast> = {}): void {
    const now = this.clock.now();
    if (phase === this.#phase && now - this.#toldAt < leastMs) return;
    this.#phase = phase;
    this.#toldAt = now;
    this.post({ type: 'phase', phase, fraction: Math.min(1, Math.max(0, fraction)), leftMs, extension });
  }
}

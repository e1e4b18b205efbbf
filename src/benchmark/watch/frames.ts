import { median } from '../../shared/domain/benchmark/statistics';

const frames = 24;
/** A hidden page draws none. */
const mostMs = 1500;

/** Median time between two frames, ms: 33 where a system saves power. Null where none are drawn. */
export function medianFrame(): Promise<number | null> {
  return new Promise((resolve) => {
    const stamps: number[] = [];
    const timer = setTimeout(() => resolve(null), mostMs);
    const look = (at: number): void => {
      stamps.push(at);
      if (stamps.length <= frames) return void requestAnimationFrame(look);
      clearTimeout(timer);
      resolve(median(stamps.slice(1).map((stamp, index) => stamp - (stamps[index] ?? stamp))));
    };
    requestAnimationFrame(look);
  });
}

interface PressureRecord {
  readonly state: string;
  readonly time: number;
}

interface PressureObserver {
  observe(source: 'cpu', options: { sampleInterval: number }): Promise<void>;
  disconnect(): void;
}

type PressureObserverClass = new (callback: (records: readonly PressureRecord[]) => void) => PressureObserver;

const sampleMs = 1000;

/**
 * How much is asked of the CPU, by the browser's own measure (Compute Pressure), until the signal aborts. Nothing where there
 * is none. @param onState `nominal`, `fair`, `serious` or `critical`, and when, in ms of the page's clock
 */
export function watchPressure(onState: (state: string, at: number) => void, signal: AbortSignal): void {
  const Observer = Reflect.get(globalThis, 'PressureObserver') as PressureObserverClass | undefined;
  if (!Observer) return;
  try {
    const observer = new Observer((records) => {
      for (const { state, time } of records) if (!signal.aborted) onState(state, time);
    });
    observer.observe('cpu', { sampleInterval: sampleMs }).catch(() => undefined);
    signal.addEventListener('abort', () => observer.disconnect());
  } catch {
    // Not allowed here: then nothing is known of it.
  }
}

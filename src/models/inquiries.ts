import { failed, type Result } from '../contracts/failure';
import type { Inspection, WeightsRequest } from '../contracts/weights';

export interface Inspector {
  inspect(request: WeightsRequest): Promise<Result<Inspection>>;
  cancelInspection(): void;
}

const cancelled = failed('cancelled', 'the inspection was cancelled');

/** Asks for one address after the other: the worker lets go of one question when it hears the next. */
export class Inquiries {
  #turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly inspector: Inspector) {}

  /** Fails with `cancelled` when `signal` says so, also while it waits for its turn. */
  ask(request: WeightsRequest, signal: AbortSignal): Promise<Result<Inspection>> {
    const answer = this.#turn.then(async () => {
      if (signal.aborted) return cancelled;
      const cancel = (): void => this.inspector.cancelInspection();
      signal.addEventListener('abort', cancel);
      const result = await this.inspector.inspect(request);
      signal.removeEventListener('abort', cancel);
      return signal.aborted ? cancelled : result;
    });
    this.#turn = answer.catch(() => {});
    return answer;
  }
}

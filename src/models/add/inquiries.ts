import { failed, type Result } from '../../shared/protocol/failure';
import type { Inspection, WeightsRequest } from '../../shared/protocol/weights';

export interface Inspector {
  inspect(request: WeightsRequest, inquiryId: string): Promise<Result<Inspection>>;
  cancelInspection(inquiryId: string): void;
}

const cancelled = failed('cancelled', 'the inspection was cancelled');

/** Asks what lies at addresses, each by itself: a host that is slow to answer keeps nobody from asking another. */
export class Inquiries {
  constructor(private readonly inspector: Inspector) {}

  /** Fails with `cancelled` as soon as `signal` says so, whatever the worker is waiting for. */
  async ask(request: WeightsRequest, signal: AbortSignal): Promise<Result<Inspection>> {
    if (signal.aborted) return cancelled;
    const id = crypto.randomUUID();
    let cancel: () => void = () => {};
    const ended = new Promise<Result<Inspection>>((resolve) => {
      cancel = (): void => {
        this.inspector.cancelInspection(id);
        resolve(cancelled);
      };
    });
    signal.addEventListener('abort', cancel);
    const result = await Promise.race([this.inspector.inspect(request, id), ended]);
    signal.removeEventListener('abort', cancel);
    return signal.aborted ? cancelled : result;
  }
}

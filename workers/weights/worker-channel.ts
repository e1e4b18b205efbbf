import { weightsChannelName, type WeightsEvent } from '../../src/shared/protocol/weights';

/** What the weights workers of all tabs tell each other. */
export type WorkerMessage =
  /** Whoever transfers this model: stop, keeping what has arrived. */
  | { readonly type: 'stop'; readonly modelId: string }
  /** This model is wanted: queue for it, so that some tab goes on when the first one dies. */
  | { readonly type: 'wanted'; readonly modelId: string };

const workerChannelName = 'sotto-weights-workers';

/** Tells all pages what has changed, and all weights workers what to do. The own tab hears what it tells, too. */
export class WorkerChannel {
  readonly #pages = new BroadcastChannel(weightsChannelName);
  readonly #out = new BroadcastChannel(workerChannelName);
  readonly #in = new BroadcastChannel(workerChannelName);

  listen(listener: (message: WorkerMessage) => void): void {
    this.#in.onmessage = ({ data }: MessageEvent<WorkerMessage>): void => listener(data);
  }

  tellPages(event: WeightsEvent): void {
    this.#pages.postMessage(event);
  }

  tellWorkers(message: WorkerMessage): void {
    this.#out.postMessage(message);
  }
}

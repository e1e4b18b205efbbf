import { HubAddress } from './add/hub-address.svelte';
import { ModelShelf } from './shelf/model-shelf.svelte';
import { WeightsClient } from './shelf/weights-client';

/** What there is one of about models: where they come from, and what is on this device. */
export class Models {
  readonly hub = new HubAddress();
  readonly weights: WeightsClient;
  readonly shelf: ModelShelf;
  /** A model's address that came from outside, for "Add a model"; taken once. */
  askedFor = $state.raw<string | null>(null);

  constructor(startWorker: () => Worker) {
    this.weights = new WeightsClient(startWorker, () => ({ hubUrl: this.hub.url }));
    this.shelf = new ModelShelf(this.weights);
  }
}

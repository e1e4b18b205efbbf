import { keptText } from '../ui/local-text';
import { ModelShelf } from './shelf/model-shelf.svelte';
import { WeightsClient } from './shelf/weights-client';

/** The host of models that a person has named, as it is kept; see `HubAddress`. */
export const hubStorageKey = 'sotto.hub-url';

/** What there is one of about models: where they come from, and what is on this device. */
export class Models {
  readonly weights: WeightsClient;
  readonly shelf: ModelShelf;
  /** A model's address that came from outside, for "Add a model"; taken once. */
  askedFor = $state.raw<string | null>(null);

  constructor(startWorker: () => Worker) {
    this.weights = new WeightsClient(startWorker, () => ({ hubUrl: keptText(hubStorageKey) ?? '' }));
    this.shelf = new ModelShelf(this.weights);
  }
}

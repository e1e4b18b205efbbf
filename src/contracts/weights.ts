/** What page and weights worker say to each other. Types only. */
import type { Result } from './failure';

export interface BuiltInWeights {
  /** Absolute URL on the app's own origin. */
  readonly url: string;
  readonly bytes: number;
  /** Lower-case hex of the whole file. */
  readonly sha256: string;
}

export interface WeightsApi {
  /** Fetches weights that ship with the app and verifies them: `network-unreachable` or `download-wrong` otherwise. */
  openBuiltIn(weights: BuiltInWeights): Promise<Result<Blob>>;
}

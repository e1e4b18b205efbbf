import type { BenchmarkPhase, Forecast, PageState } from '../../shared/protocol/benchmark';
import type { BenchmarkResult } from '../statistics/result';
import type { DeviceFacts } from '../../shared/domain/device';
import type { LoadRequest } from '../../shared/protocol/engine';
import type { Result } from '../../shared/protocol/failure';
import type { ModelDescriptor } from '../../shared/domain/model';
import type { ActiveModel } from '../../engine/active-model.svelte';
import type { EngineClient } from '../../engine/engine-client';
import type { DownloadTime } from '../download-times';
import type { ModelIdentity } from '../result/run-facts';

/** What a run needs of the app. */
export interface JobParts {
  readonly client: EngineClient;
  readonly model: ActiveModel;
  readonly app: BenchmarkResult['app'];
  /** How this device is called: by the person, and by a number made up here. */
  readonly identity: { readonly label: string; readonly id: string; rename(label: string): void };
  readonly weightsOf: (model: ModelDescriptor) => Promise<Result<LoadRequest['files']>>;
  readonly identify: (model: ModelDescriptor) => ModelIdentity;
  /** False for a model of the store that is not there any more. */
  readonly isStored: (model: ModelDescriptor) => boolean;
  /** The window a model was trained for, in tokens; null where that is not known. */
  readonly contextLimit: (model: ModelDescriptor) => number | null;
  /** Asks once; later calls get the same answer. */
  readonly device: () => Promise<DeviceFacts>;
  /** How long the download took; null where it did not happen on this visit, or not in one go. */
  readonly downloadOf: (modelId: string) => DownloadTime | null;
}

/** Where a run is. Before and beside what the worker tells. */
export type RunPhase = BenchmarkPhase | 'preparing' | 'loading';

export interface JobListener {
  readonly phase: (phase: RunPhase, fraction: number, forecast?: Forecast) => void;
  /** What the page sees, and the runner waits for: whether it is in view, and whether the device is under pressure. */
  readonly sees: (state: PageState) => void;
  /** The device is busy: resolves with true to go on all the same. */
  readonly askBusy: () => Promise<boolean>;
  /** Whether there is a place to draw an answer. */
  readonly canDraw: () => boolean;
  readonly draw: (text: string) => void;
  /** An unfinished result, to be found after a crash. */
  readonly keep: (result: BenchmarkResult) => void;
}

/** Everything that is known of a run when it has ended, before it is put together as a result. */
import type { BenchmarkResult, ResultChat, ResultEnd, ResultLoad } from '../statistics/result';
import type { DeviceFacts } from '../../shared/domain/device';
import type { LoadedModel } from '../../shared/protocol/engine';
import type { Observations } from './observations';
import type { RunRecord } from './run-record';

export interface ModelIdentity {
  readonly id: string;
  readonly name: string;
  readonly file: string;
  /** Empty where nobody has hashed it. */
  readonly sha256: string;
  readonly bytes: number;
}

export interface RunFacts {
  readonly id: string;
  readonly profile: BenchmarkResult['profile'];
  /** ms since 1970. */
  readonly startedOn: number;
  /** ms of the page's clock. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** ms of the page's clock at which the worker's was 0. */
  readonly workerZero: number;
  readonly ended: ResultEnd;
  readonly record: RunRecord;
  readonly observations: Observations;
  readonly loaded: LoadedModel;
  readonly model: ModelIdentity;
  readonly device: DeviceFacts;
  readonly label: string;
  readonly localId: string;
  readonly load: Pick<ResultLoad, 'warm_ms' | 'warm_read_ms' | 'cold_ms' | 'dl_mbs'>;
  readonly chat: ResultChat | null;
  readonly muasmMib: readonly number[];
  readonly sustainedMinutes: number | null;
  readonly app: BenchmarkResult['app'];
}

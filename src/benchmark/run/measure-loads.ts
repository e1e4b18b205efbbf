import type { ResultLoad } from '../statistics/result';
import { median } from '../../shared/domain/benchmark/statistics';
import type { LoadedModel } from '../../shared/protocol/engine';
import { failed, type Result } from '../../shared/protocol/failure';
import type { ModelDescriptor } from '../../shared/domain/model';
import type { JobParts } from './job-parts';

const loads = 2;

export type LoadTimes = Pick<ResultLoad, 'warm_ms' | 'warm_read_ms'>;
export const noLoads: LoadTimes = { warm_ms: null, warm_read_ms: null };

/** Loads the model twice and leaves it loaded, with a window for the deepest test, or with its usual one where that does not fit. */
export async function measureLoads(
  { client, model }: JobParts,
  chosen: ModelDescriptor,
  contextTokens: number,
  isStopped: () => boolean,
): Promise<{ readonly loaded: Result<LoadedModel>; readonly times: LoadTimes }> {
  const whole: number[] = [];
  const reading: number[] = [];
  let loaded: Result<LoadedModel> = failed('cancelled', 'stopped');
  let settings = { contextTokens };
  for (let load = 0; load < loads && !isStopped(); load += 1) {
    let readAt: number | null = null;
    const stopListening = client.listen((event) => {
      if (event.type === 'load-progress' && event.loadedBytes >= event.totalBytes) readAt ??= performance.now();
    });
    const startedAt = performance.now();
    loaded = await model.loadAs(chosen, settings);
    stopListening();
    const smaller = chosen.contextTokens ?? 4096;
    if (!loaded.ok && load === 0 && settings.contextTokens > smaller && !isStopped()) {
      // No room for so deep a cache: then the deep tests are left out.
      settings = { contextTokens: smaller };
      load -= 1;
      continue;
    }
    if (!loaded.ok) break;
    whole.push(performance.now() - startedAt);
    if (readAt !== null) reading.push(readAt - startedAt);
  }
  return {
    loaded,
    times: {
      warm_ms: whole.length > 0 ? median(whole) : null,
      warm_read_ms: reading.length > 0 ? median(reading) : null,
    },
  };
}

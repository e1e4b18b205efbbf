import { predictSpeed, type MeasuredSpeeds, type PredictedSpeed } from '../shared/domain/benchmark/prediction';
import type { DeviceFacts } from '../shared/domain/device';
import type { Fit, FitNeed } from '../shared/domain/fit';
import { cpuEngineOf } from '../engine/choose-engine';
import { fitOf } from '../device/fit';
import { runnableFormats } from '../device/runnable-formats';

/**
 * How fast a model will be here, by what was measured of this device's memory; null where it was not. The bytes of the download
 * stand for those that a token reads: only a table of embeddings of its own is less.
 */
export const expectedSpeed = (
  {
    format,
    bytes,
    architecture,
    projectorBytes,
  }: Pick<FitNeed, 'format' | 'bytes' | 'architecture' | 'projectorBytes'>,
  measured: MeasuredSpeeds | null,
): PredictedSpeed | null => {
  if (measured === null) return null;
  if (format === 'mlc') return predictSpeed('gpu', bytes, measured);
  // What is expected of the CPU is what Sotto's engine makes of it, which neither sees nor hears.
  if (projectorBytes !== undefined) return null;
  return cpuEngineOf({ ...(architecture && { architecture }) }) === 'cpu' ? predictSpeed('cpu', bytes, measured) : null;
};

/** Whether it runs here, by what was measured of this device where something was. */
export const fitHere = (need: FitNeed, device: DeviceFacts, measured: MeasuredSpeeds | null): Fit =>
  fitOf(need, device, runnableFormats, expectedSpeed(need, measured)?.middle ?? null);

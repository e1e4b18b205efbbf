import { honoredSettings, type EngineKind, type SamplingField, type SamplingOptions } from '../shared/protocol/engine';

/** Whether an engine does anything with a setting; the others are left out of its requests. */
export const honors = (engine: EngineKind, field: SamplingField): boolean =>
  (honoredSettings[engine] as readonly SamplingField[]).includes(field);

/** The settings that an engine honors; it never sees the others. */
export const honoredBy = (engine: EngineKind, sampling: SamplingOptions): SamplingOptions =>
  Object.fromEntries(
    Object.entries(sampling).filter(([field, value]) => value !== undefined && honors(engine, field as SamplingField)),
  );

import type { WeightsFormat } from '../contracts/weights';

/** The formats that this version has an engine for. */
export const runnableFormats: ReadonlySet<WeightsFormat> = new Set<WeightsFormat>(['gguf']);

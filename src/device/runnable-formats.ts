import type { WeightsFormat } from '../shared/protocol/weights';

/** The formats that this version has an engine for. Whether a device can run one of them, `fitOf` says. */
export const runnableFormats: ReadonlySet<WeightsFormat> = new Set<WeightsFormat>(['gguf', 'mlc']);

/** What a person can have instead of a model that will not run: the same in another form, or a smaller one. */
import type { CatalogEntry, ModelTask } from '../../shared/domain/catalog';
import type { DeviceFacts } from '../../shared/domain/device';
import type { WeightsFormat } from '../../shared/protocol/weights';
import { fitOf } from '../../device/fit';

const most = 3;

/** Nobody talks to what searches or writes speech down. */
const isHelper = (tasks: readonly ModelTask[]): boolean => tasks.includes('embedding') || tasks.includes('speech');

/**
 * The nearest first; empty where nothing of the catalog is likely to run.
 * @param wanted what of it is known: weights that are not of the catalog have no model and no family
 */
export function alternativesTo(
  wanted: {
    readonly id: string;
    readonly model?: string;
    readonly family?: string;
    readonly parameters?: number;
    readonly format?: WeightsFormat;
    readonly tasks?: readonly ModelTask[];
  },
  entries: readonly CatalogEntry[],
  device: DeviceFacts,
): readonly CatalogEntry[] {
  const { id, model, family, format, parameters = Infinity, tasks = [] } = wanted;
  const running = entries.filter(
    (entry) => entry.id !== id && isHelper(entry.tasks) === isHelper(tasks) && fitOf(entry, device).verdict === 'good',
  );
  // Its twin for GPUs without 16 bits before the slower engine.
  const same = running
    .filter((entry) => entry.model === model)
    .sort((a, b) => Number(b.format === format) - Number(a.format === format));
  // The largest first: as much of what was wanted as there is room for.
  const smaller = running
    .filter((entry) => entry.model !== model && entry.parameters < parameters)
    .sort((a, b) => Number(b.family === family) - Number(a.family === family) || b.parameters - a.parameters);
  const chosen: CatalogEntry[] = [];
  for (const entry of [...same, ...smaller]) {
    const another = !chosen.some((other) => other.model === entry.model && other.format === entry.format);
    if (another && chosen.length < most) chosen.push(entry);
  }
  return chosen;
}

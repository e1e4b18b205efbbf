/** Which entries of the catalogue are shown. */
import type { CatalogueEntry, ModelTask } from '../contracts/catalogue';
import type { WeightsFormat } from '../contracts/weights';

/** By their upper end, in GB as on the box of a drive; `larger` has none. */
export const sizeClasses = ['0.5', '1', '2', 'larger'] as const;
export type SizeClass = (typeof sizeClasses)[number];

export const modelTasks = ['chat', 'code', 'maths', 'reasoning', 'translation'] as const satisfies readonly ModelTask[];

/** Null lets everything through. */
export interface CatalogueFilters {
  readonly task: ModelTask | null;
  readonly family: string | null;
  readonly size: SizeClass | null;
  readonly format: WeightsFormat | null;
}

export const noFilters: CatalogueFilters = { task: null, family: null, size: null, format: null };

export const isFiltered = (filters: CatalogueFilters): boolean =>
  Object.values(filters).some((value) => value !== null);

export function sizeClassOf(bytes: number): SizeClass {
  if (bytes <= 0.5e9) return '0.5';
  if (bytes <= 1e9) return '1';
  return bytes <= 2e9 ? '2' : 'larger';
}

export const filterEntries = (
  entries: readonly CatalogueEntry[],
  { task, family, size, format }: CatalogueFilters,
): readonly CatalogueEntry[] =>
  entries.filter(
    (entry) =>
      (task === null || entry.tasks.includes(task)) &&
      (family === null || entry.family === family) &&
      (size === null || sizeClassOf(entry.bytes) === size) &&
      (format === null || entry.format === format),
  );

/**
 * MLC weights come in pairs: for GPUs that compute in 16 bits, and for those that do not. Of each pair the one that fits.
 * @param f16 null while the GPU is not known: then as if it could, as most can
 */
export function onePerPair(entries: readonly CatalogueEntry[], f16: boolean | null): readonly CatalogueEntry[] {
  const wanted = f16 ?? true;
  const hasTwin = (entry: CatalogueEntry): boolean =>
    entries.some(
      ({ format, title, needsF16 }) => format === 'mlc' && title === entry.title && needsF16 !== entry.needsF16,
    );
  return entries.filter((entry) => entry.format !== 'mlc' || entry.needsF16 === wanted || !hasTwin(entry));
}

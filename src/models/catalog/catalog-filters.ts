/** Which models of the catalog are shown, and in which order. */
import type { MeasuredSpeeds } from '../../shared/domain/benchmark/prediction';
import type { CatalogEntry, CatalogFamily, ModelTask } from '../../shared/domain/catalog';
import { fitVerdicts } from '../../shared/domain/fit';
import type { WeightsFormat } from '../../shared/protocol/weights';
import type { SuitedModel } from './suited-model';
import { expectedSpeed } from '../expected-speed';

/** By their upper end, in GB as on the box of a drive; `larger` has none. */
export const sizeClasses = ['0.5', '1', '2', 'larger'] as const;
export type SizeClass = (typeof sizeClasses)[number];

export const modelTasks = [
  'chat',
  'vision',
  'code',
  'math',
  'reasoning',
  'translation',
  'speech',
  'embedding',
] as const satisfies readonly ModelTask[];

export const modelOrders = ['fit', 'speed', 'size', 'date'] as const;
export type ModelOrder = (typeof modelOrders)[number];

/** Null lets everything through, as an empty search does. */
export interface CatalogFilters {
  readonly search: string;
  readonly task: ModelTask | null;
  readonly family: string | null;
  readonly size: SizeClass | null;
  readonly format: WeightsFormat | null;
}

export const noFilters: CatalogFilters = { search: '', task: null, family: null, size: null, format: null };

/** What an address asks for that leads to models for one task: `#/models/vision`. */
export function filtersFromHash(hash: string): CatalogFilters {
  return { ...noFilters, task: modelTasks.find((task) => hash === `#/models/${task}`) ?? null };
}

/** Of a model that sees, not every build does: those for WebLLM take words alone. */
const isFor = ({ tasks, projector, optionalProjector }: CatalogEntry, task: ModelTask): boolean =>
  tasks.includes(task) && (task !== 'vision' || (projector ?? optionalProjector) !== undefined);

export const isFiltered = ({ search, ...filters }: CatalogFilters): boolean =>
  search.trim() !== '' || Object.values(filters).some((value) => value !== null);

export function sizeClassOf(bytes: number): SizeClass {
  if (bytes <= 0.5e9) return '0.5';
  if (bytes <= 1e9) return '1';
  return bytes <= 2e9 ? '2' : 'larger';
}

/** As typed: "Qwen 2.5" finds "Qwen2.5", and every word has to be found. */
const plain = (text: string): string => text.toLowerCase().replace(/[\s\-_.]+/g, '');

function isFound(build: CatalogEntry, search: string, family: CatalogFamily | undefined): boolean {
  const { title, quantization, license, repository, format, tasks, goodFor } = build;
  const text = plain(
    [title, quantization, license, repository, format, ...tasks, ...Object.values(goodFor), family?.name].join(' '),
  );
  return search
    .trim()
    .split(/\s+/)
    .every((word) => text.includes(plain(word)));
}

/** A model is shown when one of its builds passes all filters; the suited one is then one that does. */
export function filterModels(
  models: readonly SuitedModel[],
  filters: CatalogFilters,
  families: readonly CatalogFamily[] = [],
): readonly SuitedModel[] {
  const { search, task, family, size, format } = filters;
  const passes = (build: CatalogEntry): boolean =>
    (task === null || isFor(build, task)) &&
    (family === null || build.family === family) &&
    (size === null || sizeClassOf(build.bytes) === size) &&
    (format === null || build.format === format) &&
    isFound(
      build,
      search,
      families.find(({ id }) => id === build.family),
    );
  return models.flatMap((model) => {
    if (passes(model.suited)) return [model];
    const other = model.builds.find(passes);
    // Whether the other build runs here is another matter, and its card says it.
    return other ? [{ ...model, suited: other }] : [];
  });
}

interface OrderParts {
  readonly order: ModelOrder;
  /** Models made for it come before those that can do it, too. */
  readonly task: ModelTask | null;
  readonly measured: MeasuredSpeeds | null;
  readonly families: readonly CatalogFamily[];
}

/** The order of the catalog decides between equals. */
export function sortModels(
  models: readonly SuitedModel[],
  { order, task, measured, families }: OrderParts,
): readonly SuitedModel[] {
  const year = ({ suited }: SuitedModel): number => families.find(({ id }) => id === suited.family)?.released ?? 0;
  // Without a measurement, fewer bytes a token are the best guess.
  const speed = ({ suited }: SuitedModel): number => expectedSpeed(suited, measured)?.middle ?? 1 / suited.bytes;
  const keys: Readonly<Record<ModelOrder, (model: SuitedModel) => number>> = {
    fit: ({ verdict }) => (verdict === null ? 0 : fitVerdicts.indexOf(verdict)),
    speed: (model) => -speed(model),
    size: ({ suited }) => suited.bytes,
    date: (model) => -year(model),
  };
  const key = keys[order];
  const special = ({ suited }: SuitedModel): number =>
    task === null || !suited.tasks.includes(task) ? suited.tasks.length + 10 : suited.tasks.length;
  return [...models].sort(
    (a, b) => (order === 'fit' && task !== null ? special(a) - special(b) : 0) || key(a) - key(b),
  );
}

/** Which models of the catalog are good starts on a device. */
import type { MeasuredSpeeds } from '../../shared/domain/benchmark/prediction';
import type { CatalogEntry } from '../../shared/domain/catalog';
import type { DeviceFacts } from '../../shared/domain/device';
import { fitVerdicts } from '../../shared/domain/fit';
import type { WeightsFormat } from '../../shared/protocol/weights';
import { fitOf } from '../../device/fit';
import { runnableFormats } from '../../device/runnable-formats';
import { expectedSpeed } from '../expected-speed';

/** No browser tells how much memory a GPU has: what is recommended unasked has to fit a common one. */
const commonGpuBytes = 4.5e9;

/** Among models of about one size their making decides, which is what the order of the entries stands for. */
const largeShare = 0.6;

/** Smaller ones are quick and mostly wrong: fine to try, not to be sent to. */
const leastParameters = 0.55e9;

interface Candidate {
  readonly entry: CatalogEntry;
  /** Index in `fitVerdicts`: smaller is better. */
  readonly rank: number;
}

type Wish = (entry: CatalogEntry) => boolean;

const good = fitVerdicts.indexOf('good');
const slow = fitVerdicts.indexOf('slow');

// What only comes with eyes is slower at words than its like: it is found by whoever wants it to see.
const chats: Wish = ({ tasks, projector }) => tasks.includes('chat') && projector === undefined;
const codes: Wish = ({ tasks }) => tasks.includes('code') && !tasks.includes('chat');
const reasons: Wish = ({ thinking }) => thinking === 'always';

/**
 * Up to five starts, the best first: a large one that runs well, the quickest, one for code, one that reasons, one of another
 * maker to compare with. Fewer where fewer run; empty where none is likely to. The order of the entries decides between equals.
 */
export function recommend(
  entries: readonly CatalogEntry[],
  device: DeviceFacts,
  runnable: ReadonlySet<WeightsFormat> = runnableFormats,
  measured: MeasuredSpeeds | null = null,
): readonly CatalogEntry[] {
  const candidates = entries
    .filter(({ format, memoryBytes }) => runnable.has(format) && (format !== 'mlc' || memoryBytes <= commonGpuBytes))
    .map((entry) => candidateOf(entry, device, runnable, measured))
    .filter(({ rank }) => fitVerdicts[rank] !== 'unlikely');
  const chosen: CatalogEntry[] = [];
  const choose = (found: Candidate | undefined): void => void (found && chosen.push(found.entry));
  const among = (wish: Wish): Candidate[] =>
    candidates.filter(({ entry }) => wish(entry) && !chosen.some(({ model }) => model === entry.model));

  choose(strongest(among(chats)));
  choose(quickest(among((entry) => chats(entry) && entry.parameters >= leastParameters)));
  choose(strongest(among(codes).filter(({ rank }) => rank <= slow)));
  choose(strongest(among(reasons).filter(({ rank }) => rank <= slow)));
  const makers = new Set(chosen.map(({ maker }) => maker));
  choose(strongest(among((entry) => chats(entry) && !makers.has(entry.maker)).filter(({ rank }) => rank === good)));
  return chosen;
}

function candidateOf(
  entry: CatalogEntry,
  device: DeviceFacts,
  runnable: ReadonlySet<WeightsFormat>,
  measured: MeasuredSpeeds | null,
): Candidate {
  const speed = expectedSpeed(entry, measured)?.middle ?? null;
  return { entry, rank: fitVerdicts.indexOf(fitOf(entry, device, runnable, speed).verdict) };
}

/** The first of the large ones that run well; among models that run badly, the one that runs least badly. */
function strongest(candidates: readonly Candidate[]): Candidate | undefined {
  const running = candidates.filter(({ rank }) => rank === good);
  if (running.length === 0) return quickest(candidates);
  const enough = largeShare * Math.max(...running.map(({ entry }) => entry.parameters));
  return first(
    running.filter(({ entry }) => entry.parameters >= enough),
    onGpuFirst,
  );
}

const quickest = (candidates: readonly Candidate[]): Candidate | undefined =>
  first(candidates, (a, b) => a.rank - b.rank || a.entry.parameters - b.entry.parameters || onGpuFirst(a, b));

/** The same model is many times as fast on a GPU, and the quantization with fewer bytes is the faster one. */
const onGpuFirst = (a: Candidate, b: Candidate): number =>
  Number(b.entry.format === 'mlc') - Number(a.entry.format === 'mlc') ||
  (a.entry.model === b.entry.model ? a.entry.bytes - b.entry.bytes : 0);

const first = (
  candidates: readonly Candidate[],
  order: (a: Candidate, b: Candidate) => number,
): Candidate | undefined => [...candidates].sort(order)[0];

/** Rows of llama-bench, from any of the texts it prints and any of its versions. No grade: nothing is known of how they came about. */
import { shapeOf, testName, type TestShape } from '../../shared/domain/benchmark/shapes';

export interface ForeignRow {
  readonly source: 'llama-bench';
  readonly shape: TestShape;
  readonly model: string;
  readonly file: string;
  readonly backend: string;
  /** CPU or GPU, as it named itself. */
  readonly device: string;
  readonly threads: number | null;
  readonly build: string;
  readonly rate: number;
  /** Standard deviation of a sample; null where it is not told. */
  readonly spread: number | null;
  /** Digits after the point, as they were given. */
  readonly decimals: number;
  /** Tokens per second of each repetition; empty where they are not told. */
  readonly samples: readonly number[];
}

/** As llama-bench prints; its JSON has all that a machine number holds, which nobody measured. */
const mostDecimals = 2;

const decimalsOf = (given: unknown): number => {
  const text = typeof given === 'number' || typeof given === 'string' ? String(given) : '';
  return Math.min(mostDecimals, /\.(\d+)$/.exec(text)?.[1]?.length ?? 0);
};

const mostRows = 1000;
const mostSamples = 1000;

/** One line, of reasonable length, without anything that could turn the writing around. */
const line = (value: unknown): string =>
  (typeof value === 'string' ? value : '')
    .slice(0, 400)
    .replace(/[\s\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .trim()
    .slice(0, 120);

const amount = (value: unknown): number | null => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : null;
};

type Fields = Readonly<Record<string, unknown>>;

/** By names, with defaults: the layout changes with nearly every version. */
function rowOf(fields: Fields): ForeignRow | null {
  const rate = amount(fields['avg_ts']);
  const prompt = amount(fields['n_prompt']) ?? 0;
  const generated = amount(fields['n_gen']) ?? 0;
  // Both together are a third kind of test, which there is nothing to compare with.
  if (rate === null || rate === 0 || prompt > 0 === generated > 0) return null;
  const kind = prompt > 0 ? 'pp' : 'tg';
  const shape = shapeOf(testName({ kind, tokens: Math.max(prompt, generated), depth: amount(fields['n_depth']) ?? 0 }));
  if (!shape) return null;
  const samples = Array.isArray(fields['samples_ts']) ? (fields['samples_ts'] as unknown[]).slice(0, mostSamples) : [];
  return {
    source: 'llama-bench',
    shape,
    model: line(fields['model_type']),
    file: line(fields['model_filename']),
    backend: line(fields['backends']),
    device: line(fields['gpu_info']) || line(fields['cpu_info']),
    threads: amount(fields['n_threads']),
    build: line(fields['build_commit']),
    rate,
    spread: amount(fields['stddev_ts']),
    decimals: decimalsOf(fields['avg_ts']),
    samples: samples.flatMap((sample) => amount(sample) || []),
  };
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const rowsFromJson = (data: unknown): ForeignRow[] =>
  (Array.isArray(data) ? data : [data])
    .slice(0, mostRows)
    .flatMap((entry) => (isFields(entry) ? (rowOf(entry) ?? []) : []));

export function rowsFromCsv(text: string): ForeignRow[] {
  const [head = [], ...lines] = text.split(/\r?\n/, mostRows + 1).map(csvCells);
  return lines.flatMap((cells) => rowOf(Object.fromEntries(head.map((name, index) => [name, cells[index]]))) ?? []);
}

function csvCells(text: string): string[] {
  const cells: string[] = [];
  // A quoted cell, in which two quotes are one, or a bare one.
  for (const [, quoted, bare = ''] of text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g))
    cells.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
  return cells;
}

export function rowsFromMarkdown(text: string): ForeignRow[] {
  const lines = text.split(/\r?\n/, 4 * mostRows);
  const build = line(/^build:\s*(\S{1,60})/m.exec(text.slice(0, 200_000))?.[1]);
  let head: string[] = [];
  const rows: ForeignRow[] = [];
  for (const entry of lines) {
    if (!entry.trim().startsWith('|')) continue;
    const cells = entry
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    if (cells.includes('t/s')) head = cells;
    const of = (name: string): string => cells[head.indexOf(name)] ?? '';
    const shape = shapeOf(of('test'));
    const [, rate, spread] = /^([\d.]+)(?:\s*±\s*([\d.]+))?$/.exec(of('t/s')) ?? [];
    const speed = amount(rate);
    if (!shape || speed === null || speed === 0) continue;
    rows.push({
      source: 'llama-bench',
      shape,
      model: line(of('model')),
      file: '',
      backend: line(of('backend')),
      device: '',
      threads: amount(of('threads')),
      build,
      rate: speed,
      spread: amount(spread),
      decimals: decimalsOf(rate),
      samples: [],
    });
  }
  return rows.slice(0, mostRows);
}

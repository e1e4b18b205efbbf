/** The four texts that llama-bench prints, letter for letter. */
import type { BenchmarkResult } from '../statistics/result';
import { testName } from '../../shared/domain/benchmark/shapes';
import { buildOf, llamaBenchRows, type LlamaBenchRow } from './llama-bench-rows';

export const llamaBenchJson = (result: BenchmarkResult): string =>
  `${JSON.stringify(llamaBenchRows(result), null, 2)}\n`;

export const llamaBenchJsonLines = (result: BenchmarkResult): string =>
  llamaBenchRows(result)
    .map((row) => `${JSON.stringify(row)}\n`)
    .join('');

/** A bare head, and every value in quotes; samples are only in the JSON. */
export function llamaBenchCsv(result: BenchmarkResult): string {
  const rows = llamaBenchRows(result).map((row) =>
    Object.entries(row).filter(([key]) => key !== 'samples_ns' && key !== 'samples_ts'),
  );
  const head = rows[0]?.map(([key]) => key).join(',') ?? '';
  const lines = rows.map((entries) => entries.map(([key, value]) => csvValue(key, value as never)).join(','));
  return `${[head, ...lines].join('\n')}\n`;
}

function csvValue(key: string, value: string | number | boolean): string {
  const text =
    typeof value === 'boolean' ? String(Number(value)) : key.endsWith('_ts') ? Number(value).toFixed(6) : String(value);
  return `"${text.replaceAll('"', '""')}"`;
}

interface Column {
  readonly head: string;
  readonly width: number;
  readonly left?: boolean;
  readonly of: (row: LlamaBenchRow) => string;
}

const sizeText = (bytes: number): string =>
  bytes < 1024 ** 3 ? `${(bytes / 1024 ** 2).toFixed(2)} MiB` : `${(bytes / 1024 ** 3).toFixed(2)} GiB`;
const countText = (count: number): string =>
  count < 1e9 ? `${(count / 1e6).toFixed(2)} M` : `${(count / 1e9).toFixed(2)} B`;

export const rowName = ({ n_prompt: prompt, n_gen: generated, n_depth: depth }: LlamaBenchRow): string =>
  testName({ kind: prompt > 0 ? 'pp' : 'tg', tokens: prompt > 0 ? prompt : generated, depth });

function columns(onCpu: boolean): readonly Column[] {
  return [
    { head: 'model', width: 30, left: true, of: ({ model_type: type }) => cell(type) },
    { head: 'size', width: 10, of: ({ model_size: size }) => sizeText(size) },
    { head: 'params', width: 10, of: ({ model_n_params: count }) => countText(count) },
    { head: 'backend', width: 10, left: true, of: ({ backends }) => cell(backends) },
    onCpu
      ? { head: 'threads', width: 7, of: ({ n_threads: threads }) => String(threads) }
      : { head: 'ngl', width: 3, of: ({ n_gpu_layers: layers }) => String(layers) },
    { head: 'test', width: 15, of: rowName },
    {
      head: 't/s',
      width: 20,
      of: ({ avg_ts: rate, stddev_ts: spread }) => `${rate.toFixed(2)} ± ${spread.toFixed(2)}`,
    },
  ];
}

/** Nothing that a name holds may end its cell. */
const cell = (text: string): string => text.replaceAll('|', '/').replaceAll(/[\r\n]+/g, ' ');

export function llamaBenchMarkdown(result: BenchmarkResult): string {
  const shown = columns(result.engine.backend_effective === 'cpu');
  const line = (of: (column: Column) => string): string =>
    `|${shown.map((column) => ` ${column.left ? of(column).padEnd(column.width) : of(column).padStart(column.width)} |`).join('')}`;
  const rule = `|${shown.map(({ width, left }) => ` ${'-'.repeat(width - 1)}${left ? '-' : ':'} |`).join('')}`;
  const { commit, number } = buildOf(result);
  const { engine, app, grade, suite } = result;
  const appBuild = app.commit === '' ? app.version : `${app.version} ${app.commit.slice(0, 7)}`;
  const build = number > 0 ? `b${number}` : commit;
  return `${[line(({ head }) => head), rule, ...llamaBenchRows(result).map((row) => line(({ of }) => of(row)))].join('\n')}

build: ${build} (${engine.name} ${engine.version}, app ${appBuild})

sampling: greedy, included · grade ${grade.letter} · suite ${suite}
`;
}

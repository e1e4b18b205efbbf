/** A result as llama-bench would tell it: its names, in its order (llama.cpp at 0104b151), so that its tools can read it. */
import type { BenchmarkResult, ResultModel, ResultTest } from '../statistics/result';
import { mean, standardDeviation } from '../../shared/domain/benchmark/statistics';

export interface LlamaBenchRow {
  readonly build_commit: string;
  readonly build_number: number;
  readonly cpu_info: string;
  readonly gpu_info: string;
  readonly backends: string;
  readonly model_filename: string;
  readonly model_type: string;
  readonly model_size: number;
  readonly model_n_params: number;
  readonly n_batch: number;
  readonly n_ubatch: number;
  readonly n_threads: number;
  readonly cpu_mask: string;
  readonly cpu_strict: boolean;
  readonly poll: number;
  readonly type_k: string;
  readonly type_v: string;
  readonly n_gpu_layers: number;
  readonly n_cpu_moe: number;
  readonly split_mode: string;
  readonly main_gpu: number;
  readonly no_kv_offload: boolean;
  /** A number since 2026; a boolean before. */
  readonly flash_attn: number;
  readonly devices: string;
  readonly tensor_split: string;
  readonly tensor_buft_overrides: string;
  readonly load_mode: string;
  /** Gone from llama-bench, but its comparison script still asks for it. */
  readonly use_mmap: boolean;
  readonly embeddings: boolean;
  readonly no_op_offload: number;
  readonly no_host: boolean;
  readonly fit_target: number;
  readonly fit_min_ctx: number;
  readonly n_prompt: number;
  readonly n_gen: number;
  readonly n_depth: number;
  readonly test_time: string;
  readonly avg_ns: number;
  readonly stddev_ns: number;
  readonly avg_ts: number;
  readonly stddev_ts: number;
  readonly samples_ns: readonly number[];
  readonly samples_ts: readonly number[];
}

/** "llama.cpp b11364-46ca246" is build 11364 of commit 46ca246; other engines have no such number. */
export function buildOf({ engine }: BenchmarkResult): { readonly commit: string; readonly number: number } {
  const [, number = '0', commit] = /\bb(\d+)-([0-9a-f]{7,40})/.exec(engine.core) ?? [];
  return { commit: commit ?? `${engine.name}-${engine.version}`.toLowerCase(), number: Number(number) };
}

/** What a server computes with, it tells nobody, whatever it is called. */
const isGguf = ({ engine }: BenchmarkResult): boolean =>
  engine.backend_effective !== 'server' && /^(w?llama|sotto)/i.test(engine.name);

/** Rows of WebLLM, and its models, bear their own names, lest anybody take its weights for a GGUF file. */
export function backendName(result: BenchmarkResult): string {
  const { engine } = result;
  if (!isGguf(result)) return engine.name;
  return engine.backend_effective === 'cpu' ? 'CPU' : 'WebGPU';
}

const fileTypes: readonly (readonly [RegExp, string])[] = [
  [/_S$/, ' - Small'],
  [/_M$/, ' - Medium'],
  [/_L$/, ' - Large'],
];

/** As llama.cpp describes a model: "qwen3 0.6B Q4_K - Medium". */
export function modelType({ arch, n_params: parameters, quant, name }: ResultModel): string {
  if (arch === '' || quant === '') return name;
  const size = parameters >= 1e8 ? `${Number((parameters / 1e9).toPrecision(2))}B` : `${Math.round(parameters / 1e6)}M`;
  const mixture = fileTypes.find(([ending]) => ending.test(quant));
  const type = quant === 'F32' ? 'all F32' : mixture ? quant.replace(...mixture) : quant;
  return `${arch} ${size} ${type}`;
}

const whole = (value: number): number => Math.round(Number.isFinite(value) ? value : 0);

function rowOf(result: BenchmarkResult, test: ResultTest): LlamaBenchRow {
  const { engine, model, device } = result;
  const { commit, number } = buildOf(result);
  const counted = test.reps.flatMap(({ valid, ns, ts }) => (valid && ts !== null ? [{ ns, ts }] : []));
  const times = counted.map(({ ns }) => ns);
  const rates = counted.map(({ ts }) => ts);
  const named = device.label_user === '' ? '' : `${device.label_user}, `;
  return {
    build_commit: commit,
    build_number: number,
    cpu_info: `${named}${device.cores_reported} cores, ${device.os}, ${device.browser} ${device.browser_major}`,
    gpu_info:
      ['cpu', 'server'].includes(engine.backend_effective) || !device.gpu
        ? ''
        : [device.gpu.vendor, device.gpu.architecture, device.gpu.description].filter(Boolean).join(' '),
    backends: backendName(result),
    model_filename: model.file,
    model_type: isGguf(result) ? modelType(model) : model.id,
    model_size: model.size_bytes,
    model_n_params: model.n_params,
    n_batch: engine.n_batch,
    n_ubatch: engine.n_ubatch,
    n_threads: engine.threads,
    cpu_mask: '0x0',
    cpu_strict: false,
    poll: 0,
    type_k: engine.type_k,
    type_v: engine.type_v,
    n_gpu_layers: engine.n_gpu_layers,
    n_cpu_moe: 0,
    split_mode: 'none',
    main_gpu: 0,
    no_kv_offload: false,
    flash_attn: engine.flash_attn ? 1 : 0,
    devices: 'auto',
    tensor_split: '0.00',
    tensor_buft_overrides: 'none',
    load_mode: 'none',
    use_mmap: false,
    embeddings: false,
    no_op_offload: 0,
    no_host: false,
    fit_target: 0,
    fit_min_ctx: 0,
    n_prompt: test.n_prompt,
    n_gen: test.n_gen,
    n_depth: test.n_depth,
    test_time: result.started.replace(/\.\d+Z$/, 'Z'),
    avg_ns: whole(mean(times)),
    // One sample has no spread; llama-bench says 0.
    stddev_ns: whole(standardDeviation(times)),
    avg_ts: mean(rates),
    stddev_ts: rates.length > 1 ? standardDeviation(rates) : 0,
    samples_ns: times,
    samples_ts: rates,
  };
}

/** One row for each test of which anything counts. */
export const llamaBenchRows = (result: BenchmarkResult): LlamaBenchRow[] =>
  result.tests.filter(({ median_ts }) => median_ts !== null).map((test) => rowOf(result, test));

/**
 * A result as it is kept, exported and imported: layout `sotto-bench/1.0`. All else follows from this definition: the types, what is
 * let through of a file or link, the names in links, and the JSON Schema that ships with the app.
 *
 * Keys are written as in the files of llama-bench. Times are ms and rates are tokens per second unless a name says otherwise.
 */
import * as v from 'valibot';
import { profileNames } from '../../shared/domain/benchmark/profiles';
import { gradeReasonNames, letters } from '../../shared/domain/benchmark/reasons';
import { resultTest } from './result-test';
import {
  amount,
  amountOrNull,
  amountsByName,
  boolean,
  count,
  integer,
  list,
  number,
  numberOrNull,
  text,
  type ReadBy,
} from './rules';

const resultEnd = v.object({
  how: v.picklist(['finished', 'stopped', 'broke-off', 'interrupted']),
  /** Its kind is a text: another version of the app has other kinds of failures. */
  failure: v.exactOptional(v.object({ kind: text(60), technical: text(2000) })),
});

const resultEngine = v.object({
  name: text(60),
  version: text(60),
  core: text(120),
  backend_requested: v.picklist(['cpu', 'webgpu', 'server']),
  backend_effective: v.picklist(['cpu', 'webgpu', 'webgpu-software', 'server']),
  threads: count,
  n_gpu_layers: integer,
  n_layers: count,
  n_ctx: count,
  n_batch: count,
  n_ubatch: count,
  type_k: text(20),
  type_v: text(20),
  flash_attn: boolean,
  async: text(40),
  mem64: boolean,
  sampler: v.literal('greedy'),
  spec: v.literal(false),
  streaming: v.literal('push'),
});

const resultModel = v.object({
  id: text(200),
  name: text(200),
  file: text(300),
  /** Empty where nobody has hashed it. */
  sha256: v.pipe(v.string(), v.regex(/^([0-9a-f]{64})?$/)),
  arch: text(80),
  quant: text(40),
  size_bytes: amount,
  n_params: amount,
  w_active_bytes: amountOrNull,
  kv_bytes_per_tok: amountOrNull,
  tied_embeddings: v.nullable(boolean),
  moe: v.nullable(v.object({ used: count, of: count })),
});

const resultDevice = v.object({
  gpu: v.nullable(
    v.object({
      vendor: text(200),
      architecture: text(200),
      description: text(200),
      fallback: boolean,
      f16: boolean,
      subgroups: boolean,
      maxBufferSize: amount,
      maxStorageBufferBindingSize: amount,
    }),
  ),
  cores_reported: count,
  /** GiB as the browser rounds it. Not the size of the memory. */
  device_memory_bucket: amountOrNull,
  os: text(60),
  browser: text(60),
  browser_major: count,
  context: v.picklist(['tab', 'standalone']),
  mobile: boolean,
  /** What the person calls this device. Free text, possibly empty. */
  label_user: text(120),
  coi: boolean,
  timer_res_ms: amount,
  /** Made up on this device, so that its results can be told from others'. Not in what is shared. */
  local_id: text(60),
});

const resultEnvironment = v.object({
  battery: v.nullable(v.object({ charging: boolean, level0: amount, level1: amount })),
  /** Seconds since the start, and the state from then on. */
  pressure: list(v.strictTuple([number, text(20)]), 1000),
  raf_ms: amountOrNull,
  wake_lock: boolean,
  /** Short reads of memory in the course of the run, the first as 1. */
  canary_read: list(amount, 5000),
  /** A fixed piece of work before each repetition, the fastest as 1. */
  canary_cpu: list(amount, 5000),
  /** What disturbed, with its begin and length in seconds. */
  disturbances: list(v.object({ kind: text(40), at: number, s: number }), 5000),
});

const resultCeiling = v.object({
  /** GB/s (10⁹) of the GPU; null where it was not measured. */
  bw_read: amountOrNull,
  bw_quant: amountOrNull,
  bw_timestamp: amountOrNull,
  /** Half of the 95 % interval of the speed that counts here, in percent. */
  bw_ci_pct: amountOrNull,
  size_mib: amountOrNull,
  method: v.picklist(['slope', 'wall']),
  t_disp_us: amountOrNull,
  t_sync_us: amountOrNull,
  gflops: amountOrNull,
  gflops_f16: boolean,
  /** GB/s of the CPU by count of threads, through WebAssembly. */
  bw_wasm: amountsByName(20),
  /** Every size that was read, for the backend that was measured: MiB and GB/s. */
  sweep: list(v.strictTuple([amount, amount]), 20),
  /** What the limits below are computed from, GB/s. */
  bw_used: amountOrNull,
  flags: list(v.picklist(['cache-contaminated', 'methods-disagree']), 5),
});

/** Of reading: tokens per second without the fixed cost of a request, and that cost. */
const resultPrefill = v.object({
  slope_ts: amount,
  fixed_ms: number,
  /** False where a third length does not lie on the line: then neither figure means much. Null with two lengths. */
  linear: v.nullable(boolean),
  /** Share of the multiply-adds that this GPU can do; null where that was not measured. */
  mfu: amountOrNull,
});

const resultChat = v.object({
  n: count,
  ttft_user_ms: numberOrNull,
  /** Tokens per second as they reached the page: with everything drawn, and with nothing drawn. */
  tg_user: amountOrNull,
  tg_undrawn: amountOrNull,
  tg_engine: amountOrNull,
  /** What drawing costs: 1 − drawn/undrawn. */
  ui_tax: numberOrNull,
  slo_ok: amountOrNull,
});

const resultLoad = v.object({
  warm_ms: amountOrNull,
  /** Of which: reading the weights; the rest is the engine. */
  warm_read_ms: amountOrNull,
  /** From an empty store: download and first load, when both happened on this visit. */
  cold_ms: amountOrNull,
  dl_mbs: amountOrNull,
  /** First request after a load, more than later ones of the same kind took. */
  compile_ms: amountOrNull,
  /** 10⁶ bytes a second: first and second reading of the same weights. */
  cache_read_mbs: list(amount, 10),
});

const resultSustained = v.object({
  minutes: amount,
  /** Tokens per second in bins of 10 s; null for a bin without a token. */
  bins: list(amountOrNull, 200),
  peak_ts: amountOrNull,
  sustained_ts: amountOrNull,
  drop: numberOrNull,
  /** Seconds until the rolling median stays under 90 % of the peak; null if it never does. */
  t90_s: amountOrNull,
  knee_s: amountOrNull,
  /** After a minute of rest, tokens per second. */
  recovery_ts: amountOrNull,
});

/** Links write a name as its place among all names here: what may be changed about it is told in `formats/link-names.ts`. */
export const resultLayout = v.pipe(
  v.object({
    schema: v.pipe(v.string(), v.regex(/^sotto-bench\/1\.\d{1,3}$/)),
    suite: v.pipe(v.string(), v.maxLength(20), v.regex(/^\d+\.\d+\.\d+$/)),
    profile: v.picklist([...profileNames, 'comparison']),
    /** UUID, version 7: sorts by time. */
    id: v.pipe(v.string(), v.regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)),
    /** RFC 3339. */
    started: v.pipe(v.string(), v.maxLength(40), v.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/)),
    seconds: amount,
    ended: resultEnd,
    app: v.object({ version: text(40), commit: text(64) }),
    engine: resultEngine,
    model: resultModel,
    device: resultDevice,
    env: resultEnvironment,
    ceiling: v.nullable(resultCeiling),
    tests: list(resultTest, 50),
    prefill: v.nullable(resultPrefill),
    chat: v.nullable(resultChat),
    load: resultLoad,
    memory: v.object({ gpu_peak_mib: amountOrNull, muasm_mib: list(amount, 10) }),
    sustained: v.nullable(resultSustained),
    energy: v.nullable(v.object({ percent: amount, tokens: amount, tokens_per_percent: amount })),
    correctness: v.nullable(v.object({ golden: text(80), prefix_match: count, of: count, pass: boolean })),
    grade: v.object({ letter: v.picklist(letters), reasons: list(v.picklist(gradeReasonNames), 50) }),
    /** Lower-case hex. It tells damage, not forgery. */
    hash: v.pipe(
      v.string(),
      v.regex(/^[0-9a-f]{64}$/),
      v.description('SHA-256 of the canonical JSON (keys sorted, no blanks) without this field.'),
    ),
  }),
  v.title("Result of Sotto's benchmark, schema sotto-bench/1.0"),
  v.description(
    'Times are ms and rates tokens per second unless a name says otherwise. A figure that was not measured is null.',
  ),
);

export type BenchmarkResult = ReadBy<typeof resultLayout>;
export type ResultEnd = BenchmarkResult['ended'];
export type ResultEngine = BenchmarkResult['engine'];
export type ResultModel = BenchmarkResult['model'];
export type ResultDevice = BenchmarkResult['device'];
export type ResultEnvironment = BenchmarkResult['env'];
export type ResultCeiling = NonNullable<BenchmarkResult['ceiling']>;
export type ResultTest = BenchmarkResult['tests'][number];
export type ResultRep = ResultTest['reps'][number];
export type ResultChat = NonNullable<BenchmarkResult['chat']>;
export type ResultLoad = BenchmarkResult['load'];
export type ResultSustained = NonNullable<BenchmarkResult['sustained']>;

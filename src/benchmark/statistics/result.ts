/**
 * A result as it is kept, exported and imported: schema `sotto-bench/1.0`, described for machines in
 * `src/benchmark/schema/result.schema.json`. Its keys are written as in the files of llama-bench. Types only.
 */
import type { Failure } from '../../shared/protocol/failure';
import type { ProfileName } from '../../shared/domain/benchmark/profiles';
import type { SkipReason } from '../../shared/protocol/benchmark';
import type { GradeReason, Letter, RepCause, RepTag } from '../../shared/domain/benchmark/reasons';

export interface BenchmarkResult {
  readonly schema: string;
  readonly suite: string;
  readonly profile: ProfileName | 'comparison';
  /** UUID, version 7: sorts by time. */
  readonly id: string;
  /** RFC 3339. */
  readonly started: string;
  readonly seconds: number;
  readonly ended: ResultEnd;
  readonly app: { readonly version: string; readonly commit: string };
  readonly engine: ResultEngine;
  readonly model: ResultModel;
  readonly device: ResultDevice;
  readonly env: ResultEnvironment;
  readonly ceiling: ResultCeiling | null;
  readonly tests: readonly ResultTest[];
  /** Of reading: tokens per second without the fixed cost of a request, and that cost. */
  readonly prefill: {
    readonly slope_ts: number;
    readonly fixed_ms: number;
    /** False where a third length does not lie on the line: then neither figure means much. Null with two lengths. */
    readonly linear: boolean | null;
    /** Share of the multiply-adds that this GPU can do; null where that was not measured. */
    readonly mfu: number | null;
  } | null;
  readonly chat: ResultChat | null;
  readonly load: ResultLoad;
  readonly memory: ResultMemory;
  readonly sustained: ResultSustained | null;
  readonly energy: { readonly percent: number; readonly tokens: number; readonly tokens_per_percent: number } | null;
  readonly correctness: ResultCorrectness | null;
  readonly grade: { readonly letter: Letter; readonly reasons: readonly GradeReason[] };
  /** SHA-256 of the canonical JSON without this field, lower-case hex. It tells damage, not forgery. */
  readonly hash: string;
}

export interface ResultEnd {
  readonly how: 'finished' | 'stopped' | 'broke-off' | 'interrupted';
  readonly failure?: Failure;
}

export interface ResultEngine {
  readonly name: string;
  readonly version: string;
  readonly core: string;
  readonly backend_requested: 'cpu' | 'webgpu';
  readonly backend_effective: 'cpu' | 'webgpu' | 'webgpu-software';
  readonly threads: number;
  readonly n_gpu_layers: number;
  readonly n_layers: number;
  readonly n_ctx: number;
  readonly n_batch: number;
  readonly n_ubatch: number;
  readonly type_k: string;
  readonly type_v: string;
  readonly flash_attn: boolean;
  readonly async: string;
  readonly mem64: boolean;
  readonly sampler: 'greedy';
  readonly spec: false;
  readonly streaming: 'push';
}

export interface ResultModel {
  readonly id: string;
  readonly name: string;
  readonly file: string;
  readonly sha256: string;
  readonly arch: string;
  readonly quant: string;
  readonly size_bytes: number;
  readonly n_params: number;
  readonly w_active_bytes: number | null;
  readonly kv_bytes_per_tok: number | null;
  readonly tied_embeddings: boolean | null;
  readonly moe: { readonly used: number; readonly of: number } | null;
}

export interface ResultDevice {
  readonly gpu: {
    readonly vendor: string;
    readonly architecture: string;
    readonly description: string;
    readonly fallback: boolean;
    readonly f16: boolean;
    readonly subgroups: boolean;
    readonly maxBufferSize: number;
    readonly maxStorageBufferBindingSize: number;
  } | null;
  readonly cores_reported: number;
  /** GiB as the browser rounds it. Not the size of the memory. */
  readonly device_memory_bucket: number | null;
  readonly os: string;
  readonly browser: string;
  readonly browser_major: number;
  readonly context: 'tab' | 'standalone';
  readonly mobile: boolean;
  /** What the person calls this device. Free text, possibly empty. */
  readonly label_user: string;
  readonly coi: boolean;
  readonly timer_res_ms: number;
  /** Made up on this device, so that its results can be told from others'. Not in what is shared. */
  readonly local_id: string;
}

export interface ResultEnvironment {
  readonly battery: { readonly charging: boolean; readonly level0: number; readonly level1: number } | null;
  /** Seconds since the start, and the state from then on. */
  readonly pressure: readonly (readonly [number, string])[];
  readonly raf_ms: number | null;
  readonly wake_lock: boolean;
  /** Short reads of memory in the course of the run, the first as 1. */
  readonly canary_read: readonly number[];
  /** A fixed piece of work before each repetition, the fastest as 1. */
  readonly canary_cpu: readonly number[];
  /** What disturbed, with its begin and length in seconds. */
  readonly disturbances: readonly { readonly kind: string; readonly at: number; readonly s: number }[];
}

export interface ResultCeiling {
  /** GB/s (10⁹) of the GPU; null where it was not measured. */
  readonly bw_read: number | null;
  readonly bw_quant: number | null;
  readonly bw_timestamp: number | null;
  /** Half of the 95 % interval of the speed that counts here, in percent. */
  readonly bw_ci_pct: number | null;
  readonly size_mib: number | null;
  readonly method: 'slope' | 'wall';
  readonly t_disp_us: number | null;
  readonly t_sync_us: number | null;
  readonly gflops: number | null;
  readonly gflops_f16: boolean;
  /** GB/s of the CPU by count of threads, through WebAssembly. */
  readonly bw_wasm: Readonly<Record<string, number>>;
  /** Every size that was read, for the backend that was measured: MiB and GB/s. */
  readonly sweep: readonly (readonly [number, number])[];
  /** What the limits below are computed from, GB/s. */
  readonly bw_used: number | null;
  readonly flags: readonly ('cache-contaminated' | 'methods-disagree')[];
}

export interface ResultTest {
  readonly name: string;
  readonly kind: 'pp' | 'tg';
  readonly n_prompt: number;
  readonly n_gen: number;
  readonly n_depth: number;
  readonly n_depth_actual: number | null;
  readonly reps: readonly ResultRep[];
  readonly warmups: number;
  readonly median_ts: number | null;
  readonly mean_ts: number | null;
  readonly stddev_ts: number | null;
  readonly min_ts: number | null;
  readonly max_ts: number | null;
  readonly ci95_ts: readonly [number, number] | null;
  /** Median time to the first token, ms. */
  readonly ttft_ms: number | null;
  /** As the page got them, before it drew anything. */
  readonly user_ts: number | null;
  readonly itl: {
    readonly p50: number | null;
    readonly p95: number | null;
    readonly p99: number | null;
    readonly jitter: number | null;
    readonly stalls: { readonly n: number; readonly ms: number };
  } | null;
  readonly drift: { readonly change: number; readonly p: number } | null;
  readonly mbu: number | null;
  readonly tg_roof: number | null;
  readonly budget_ms: {
    readonly mem: number;
    readonly disp: number;
    readonly sync: number;
    readonly rest: number;
    readonly explained: number;
  } | null;
  readonly skipped: SkipReason | null;
}

export interface ResultRep {
  readonly valid: boolean;
  readonly reasons: readonly RepCause[];
  readonly tags: readonly RepTag[];
  readonly order: number;
  /** Seconds since the start of the run. */
  readonly t_start: number;
  /** Tokens that were timed. */
  readonly n: number;
  readonly ns: number;
  readonly ts: number | null;
  readonly ttft_ms: number | null;
  /** Intervals in units of `itl_unit_us`, unsigned 16 bits each, little-endian, deflated (raw), base64. Left out of links. */
  readonly itl_us_b64?: string;
  readonly itl_unit_us?: number;
  readonly user_ts: number | null;
  readonly canary_ms: number;
  readonly engine: {
    readonly prompt_n: number;
    readonly prompt_ms: number;
    readonly predicted_n: number;
    readonly intervals: number;
    readonly predicted_ms: number;
    readonly cache_n: number | null;
  } | null;
}

export interface ResultChat {
  readonly n: number;
  readonly ttft_user_ms: number | null;
  /** Tokens per second as they reached the page: with everything drawn, and with nothing drawn. */
  readonly tg_user: number | null;
  readonly tg_undrawn: number | null;
  readonly tg_engine: number | null;
  /** What drawing costs: 1 − drawn/undrawn. */
  readonly ui_tax: number | null;
  readonly slo_ok: number | null;
}

export interface ResultLoad {
  readonly warm_ms: number | null;
  /** Of which: reading the weights; the rest is the engine. */
  readonly warm_read_ms: number | null;
  /** From an empty store: download and first load, when both happened on this visit. */
  readonly cold_ms: number | null;
  readonly dl_mbs: number | null;
  /** First request after a load, more than later ones of the same kind took. */
  readonly compile_ms: number | null;
  /** 10⁶ bytes a second: first and second reading of the same weights. */
  readonly cache_read_mbs: readonly number[];
}

export interface ResultMemory {
  readonly gpu_peak_mib: number | null;
  readonly muasm_mib: readonly number[];
}

export interface ResultSustained {
  readonly minutes: number;
  /** Tokens per second in bins of 10 s; null for a bin without a token. */
  readonly bins: readonly (number | null)[];
  readonly peak_ts: number | null;
  readonly sustained_ts: number | null;
  readonly drop: number | null;
  /** Seconds until the rolling median stays under 90 % of the peak; null if it never does. */
  readonly t90_s: number | null;
  readonly knee_s: number | null;
  /** After a minute of rest, tokens per second. */
  readonly recovery_ts: number | null;
}

export interface ResultCorrectness {
  readonly golden: string;
  readonly prefix_match: number;
  readonly of: number;
  readonly pass: boolean;
}

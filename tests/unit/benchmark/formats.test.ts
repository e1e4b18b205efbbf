/** V10: what goes out can be read by others, and comes back as it was. */
import { describe, expect, it } from 'vitest';
import type { BenchmarkResult } from '../../../src/benchmark/statistics/result';
import { forLink, packLink, readLink } from '../../../src/benchmark/formats/link';
import { llamaBenchRows, modelType } from '../../../src/benchmark/formats/llama-bench-rows';
import {
  llamaBenchCsv,
  llamaBenchJson,
  llamaBenchJsonLines,
  llamaBenchMarkdown,
} from '../../../src/benchmark/formats/llama-bench-text';
import { nativeCommand } from '../../../src/benchmark/formats/native-command';
import { forFile, ownJson } from '../../../src/benchmark/formats/own-result';
import { textIn, withText } from '../../../src/benchmark/formats/png-text';
import { readImportedFile, readImportedText } from '../../../src/benchmark/formats/read-import';
import { decodeSeries, encodeSeries } from '../../../src/benchmark/result/token-series';
import { firstReleaseLink } from '../../fixtures/first-release-link';
import { planOf } from '../../fixtures/profile-plan';
import { smallestPng } from '../../fixtures/smallest-png';
import { steady, VirtualClock, VirtualEngine } from '../../fixtures/virtual-engine';
import { virtualModel, virtualResult } from '../../fixtures/virtual-result';

const standardResult = (): Promise<BenchmarkResult> =>
  virtualResult(new VirtualEngine(new VirtualClock(), steady(1000, 30), { answer: ['It ', 'is ', 'so.'] }), {
    plan: planOf('standard'),
    profile: 'standard',
  });
const result = await standardResult();

/** The names and their order in llama-bench at 0104b151, with the one that its comparison script still asks for. */
const upstreamNames =
  'build_commit build_number cpu_info gpu_info backends model_filename model_type model_size model_n_params n_batch n_ubatch n_threads cpu_mask cpu_strict poll type_k type_v n_gpu_layers n_cpu_moe split_mode main_gpu no_kv_offload flash_attn devices tensor_split tensor_buft_overrides load_mode use_mmap embeddings no_op_offload no_host fit_target fit_min_ctx n_prompt n_gen n_depth test_time avg_ns stddev_ns avg_ts stddev_ts'.split(
    ' ',
  );

describe('the layout of llama-bench', () => {
  it('is met by the Markdown, column by column', () => {
    const lines = llamaBenchMarkdown(result).split('\n');
    expect(lines.slice(0, 2)).toEqual([
      '| model                          |       size |     params | backend    | threads |            test |                  t/s |',
      '| ------------------------------ | ---------: | ---------: | ---------- | ------: | --------------: | -------------------: |',
    ]);
    expect(lines[3]).toBe(
      '| qwen3 0.6B Q4_K - Medium       | 476.84 MiB |   600.00 M | CPU        |       1 |           pp512 |       1000.00 ± 0.00 |',
    );
    expect(lines[6]).toMatch(/\| {3}tg128 @ d1024 \| {9}30\.00 ± 0\.00 \|$/);
    expect(lines.slice(9)).toEqual([
      'build: b11364 (wllama 3.8.1, app 1.0.0)',
      '',
      'sampling: greedy, included · grade A · suite 1.0.0',
      '',
    ]);
    expect(new Set(lines.slice(0, 8).map(({ length }) => length)).size).toBe(1);
  });

  it('names the commit of the app in the Markdown, where it is known', () => {
    const built = { ...result, app: { version: '1.0.0', commit: '0123456789abcdef0123456789abcdef01234567-changed' } };
    expect(llamaBenchMarkdown(built)).toContain('build: b11364 (wllama 3.8.1, app 1.0.0 0123456)');
  });

  it('is met by JSON and CSV, name by name', () => {
    const rows = JSON.parse(llamaBenchJson(result)) as Record<string, unknown>[];
    expect(rows).toHaveLength(6);
    for (const row of rows) expect(Object.keys(row)).toEqual([...upstreamNames, 'samples_ns', 'samples_ts']);
    expect(rows[3]).toMatchObject({
      build_commit: '46ca246',
      build_number: 11364,
      backends: 'CPU',
      model_filename: 'virtual-q4_k_m.gguf',
      n_prompt: 0,
      n_gen: 128,
      n_depth: 0,
      flash_attn: 1,
      test_time: '2026-06-01T12:00:00Z',
    });
    const csv = llamaBenchCsv(result).trim().split('\n');
    expect(csv[0]).toBe(upstreamNames.join(','));
    expect(csv).toHaveLength(7);
    for (const line of csv.slice(1)) expect(line).toMatch(/^("([^"]|"")*",?)+$/);
    expect(
      llamaBenchJsonLines(result)
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(rows);
  });

  it('counts what llama-bench counts: tokens by time, the spread of a sample', () => {
    for (const row of llamaBenchRows(result)) {
      row.samples_ns.forEach((ns, index) =>
        expect((1e9 * (row.n_prompt + row.n_gen)) / ns).toBeCloseTo(row.samples_ts[index] ?? 0, 3),
      );
      expect(row.samples_ns).toHaveLength(5);
    }
  });

  it('shows no test of which nothing counts, and names other engines for what they are', async () => {
    const engine = new VirtualEngine(new VirtualClock(), steady(1000, 30), { endsAfter: 3 });
    const broken = await virtualResult(engine);
    expect(llamaBenchRows(broken).map(({ n_prompt: prompt }) => prompt)).toEqual([128]);
    const webllm: BenchmarkResult = {
      ...result,
      engine: { ...result.engine, name: 'WebLLM', version: '0.2.86', core: '', backend_effective: 'webgpu' },
      model: { ...result.model, id: 'Qwen3-0.6B-q4f16_1-MLC', quant: 'q4f16_1' },
    };
    expect(llamaBenchRows(webllm)[0]).toMatchObject({
      backends: 'WebLLM',
      model_type: 'Qwen3-0.6B-q4f16_1-MLC',
      build_commit: 'webllm-0.2.86',
      build_number: 0,
    });
    expect(llamaBenchMarkdown(webllm)).toContain('| ngl |');
    // Whatever a server is called, what it computes with is not known here.
    const served: BenchmarkResult = {
      ...webllm,
      engine: { ...webllm.engine, name: 'llama-server', version: '', backend_effective: 'server' },
    };
    expect(llamaBenchRows(served)[0]).toMatchObject({ backends: 'llama-server', gpu_info: '' });
    expect(nativeCommand({ ...webllm, model: { ...webllm.model, file: 'params_shard_0.bin' } })).toBeNull();
  });

  it.each([
    [{ arch: 'qwen2', n_params: 1.54e9, quant: 'Q4_K_M' }, 'qwen2 1.5B Q4_K - Medium'],
    [{ arch: 'qwen2', n_params: 4.2e6, quant: 'F32' }, 'qwen2 4M all F32'],
    [{ arch: 'llama', n_params: 7.24e9, quant: 'Q8_0' }, 'llama 7.2B Q8_0'],
    [{ arch: '', n_params: 0, quant: '' }, 'Its name'],
  ])('names the type of a model as llama-bench does: %o', (model, words) => {
    expect(modelType({ ...result.model, ...model, name: 'Its name' })).toBe(words);
  });
});

describe('the call of native llama-bench', () => {
  it('measures the same file in the same way', () => {
    expect(nativeCommand(result)).toBe(
      'llama-bench -m virtual-q4_k_m.gguf -p 64,512,1024 -n 128 -d 0,1024,4096 -r 5 -b 32 -ub 32 -fa 1 -ctk f16 -ctv f16 -t 1 -ngl 0 -o json',
    );
  });

  it('is safe to paste, whatever the file is called', () => {
    const named = { ...result, model: { ...result.model, file: "a'; rm -rf ~ #.gguf" } };
    expect(nativeCommand(named)).toContain(`-m 'a'\\''; rm -rf ~ #.gguf' -p`);
  });
});

describe('a result that went out', () => {
  it('does not name this device, unless the person does', async () => {
    const file = await forFile(result, 'My laptop');
    expect(file.device).toMatchObject({ local_id: '', label_user: 'My laptop' });
  });

  it('comes back from JSON as it was', async () => {
    const file = await forFile(result);
    expect(await readImportedText(ownJson(file))).toEqual({ kind: 'own', result: file, untouched: true });
    expect(await readImportedFile(new Blob([ownJson(file)]))).toMatchObject({ untouched: true });
  });

  it('comes back as it was, however much its model and the failure that ended it have to say', async () => {
    const long = '長い名前 '.repeat(1000);
    const { accounting } = virtualModel;
    const failure = {
      kind: 'out-of-memory' as const,
      technical: long,
      subject: 'The model',
      numbers: { neededBytes: 2e9, availableBytes: 1e9 },
    };
    const talkative = await virtualResult(new VirtualEngine(new VirtualClock(), steady(1000, 30)), {
      loaded: { ...(accounting && { accounting: { ...accounting, architecture: long, quantization: long } }) },
      facts: {
        ended: { how: 'broke-off', failure },
        model: { id: long, name: long, file: `${long}.gguf`, sha256: '', bytes: 500e6 },
      },
    });
    const file = await forFile(talkative);
    expect(await readImportedText(ownJson(file))).toEqual({ kind: 'own', result: file, untouched: true });
    expect(file.ended.failure?.technical).toMatch(/^長い名前 /);
    const linked = await forLink(talkative);
    expect(await readLink(await packLink(linked))).toEqual({ result: linked, untouched: true });
  });

  it('comes back from a link as it was, and the link is short enough to send', async () => {
    const linked = await forLink(result);
    const link = await packLink(linked);
    expect(await readLink(link)).toEqual({ result: linked, untouched: true });
    expect(await readImportedText(`https://sotto.example/#/benchmark/${link}`)).toMatchObject({ untouched: true });
    expect(link).toMatch(/^r=[\w-]+$/);
    expect(link.length).toBeLessThan(2000);
    // What it leaves out are single tokens, not figures.
    expect(linked.tests.map(({ median_ts: rate }) => rate?.toFixed(3))).toEqual(
      result.tests.map(({ median_ts: rate }) => rate?.toFixed(3)),
    );
    expect(linked.grade).toEqual(result.grade);
  });

  it('comes back from a link with everything in it that can be', async () => {
    const sample: BenchmarkResult = {
      ...result,
      ended: { how: 'broke-off', failure: { kind: 'engine-crashed', technical: 'x' } },
      model: { ...result.model, moe: { used: 8, of: 64 } },
      env: { ...result.env, battery: { charging: false, level0: 0.9, level1: 0.8 } },
      prefill: { slope_ts: 1, fixed_ms: -2, linear: false, mfu: 0.3 },
      chat: { n: 100, ttft_user_ms: 1, tg_user: 2, tg_undrawn: 3, tg_engine: 4, ui_tax: 0.1, slo_ok: 0.9 },
      load: { warm_ms: 1, warm_read_ms: 1, cold_ms: 2, dl_mbs: 3, compile_ms: 4, cache_read_mbs: [1, 2] },
      memory: { gpu_peak_mib: 10, muasm_mib: [1, 2] },
      sustained: {
        minutes: 5,
        bins: [1, null, 2],
        peak_ts: 2,
        sustained_ts: 1,
        drop: 0.5,
        t90_s: 10,
        knee_s: null,
        recovery_ts: 2,
      },
      energy: { percent: 4, tokens: 100, tokens_per_percent: 25 },
    };
    const linked = await forLink(sample);
    expect((await readLink(await packLink(linked))).result).toEqual({
      ...linked,
      grade: { letter: expect.any(String), reasons: expect.any(Array) },
    });
  });

  it('comes back from a link of the first release as it was', async () => {
    expect(await readLink(firstReleaseLink)).toMatchObject({
      untouched: true,
      result: {
        ended: { how: 'broke-off', failure: { kind: 'engine-crashed', technical: 'x' } },
        model: { name: 'Virtual 0.6B', moe: { used: 8, of: 64 }, size_bytes: 500_000_000 },
        device: { label_user: 'Laptop', gpu: { description: 'd', maxBufferSize: 2 ** 31 } },
        env: { battery: { charging: false, level0: 0.9 }, pressure: [], raf_ms: null },
        ceiling: { bw_wasm: { 1: 20 }, bw_used: 20, bw_read: null, flags: [] },
        tests: [
          { name: 'pp128', median_ts: 1000, skipped: null },
          { name: 'tg64', budget_ms: { mem: 1, explained: 0.5 }, skipped: 'too-slow' },
        ],
        sustained: { bins: [1, null, 2], knee_s: null },
        hash: 'ff0fd613276a82a12a784e7cfc1cf52e8874b718d4be681a191b5eaea2276d06',
      },
    });
  });

  it('comes back from a picture', async () => {
    const linked = await forLink(result);
    const picture = withText(smallestPng, await packLink(linked));
    expect(await readImportedFile(new Blob([picture]))).toEqual({ kind: 'own', result: linked, untouched: true });
    expect(textIn(smallestPng)).toBeNull();
    expect(() => withText(new Uint8Array([1, 2, 3]), 'x')).toThrow();
  });
});

describe('intervals between tokens', () => {
  it.each([
    [[20, 21.5, 19.99], 0.005],
    [[5000, 1, 2000], 0.05],
    [Array.from({ length: 5000 }, (_, index) => 10 + (index % 9)), 0.005],
    [[], 0],
  ])('come back as they were, as exactly as a clock tells: case %#', async (intervals, within) => {
    const back = await decodeSeries(await encodeSeries(intervals));
    expect(back).toHaveLength(intervals.length);
    back.forEach((value, index) =>
      expect(Math.abs(value - (intervals[index] ?? 0))).toBeLessThanOrEqual(within + 1e-9),
    );
  });
});

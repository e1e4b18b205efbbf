/** How the benchmark is checked: each check of its definition, the tests that make it, and what it cannot show here. */

export interface ValidationCheck {
  readonly id: string;
  readonly what: string;
  readonly passes: string;
  /** Full names of tests begin with, or contain, one of these. Empty: no test can make it without the device it asks for. */
  readonly tests: readonly RegExp[];
  /** Quantities of `tests/measurements.json` that begin so. */
  readonly rows?: string;
  /** What is not shown, and why. */
  readonly open?: string;
}

const unit = 'tests/unit/benchmark';
const browser = 'tests/browser';

export const testFolders = [
  unit,
  `${browser}/benchmark-worker.test.ts`,
  `${browser}/benchmark-engine.test.ts`,
  `${browser}/benchmark-page.test.ts`,
];

export const checks: readonly ValidationCheck[] = [
  {
    id: 'V1',
    what: 'Metric functions on schedules with hand-computed truth',
    passes: '1e-9 relative; nothing where there is nothing',
    tests: [/token-times\.test/],
  },
  {
    id: 'V2',
    what: 'The real worker on a scripted engine, against the times at which it really emitted its tokens, quiet and under 30 ms of jank',
    passes: 'rate ≤ 0.1 %, p50 ≤ 2 %, p95 ≤ 5 %, first token ≤ 5 ms',
    tests: [/V2: tokens/],
  },
  { id: 'V2b', what: 'The page as a clock is worse than the worker', passes: 'documented', tests: [/V2b/] },
  {
    id: 'V3',
    what: 'Sixteen mistakes put into the code on purpose',
    passes: 'each noticed',
    tests: [/mutations\.test/],
  },
  {
    id: 'V4',
    what: 'The engine’s own clock, intervals counted',
    passes: '≤ 3 %',
    tests: [/V4: agrees/],
    rows: 'benchmark V4',
    open: 'WebLLM, not on a GPU: the opt-in suite (`npm run test:gpu` with SOTTO_GPU_MEASURE) was run by hand with WebLLM 0.2.79, Qwen2 0.5B with made-up weights, on Chromium’s software adapter. Counts were exact; reading and writing agreed with the package’s clock within 3 %.',
  },
  {
    id: 'V5',
    what: '(a) The same file under native llama.cpp',
    passes: 'ratio reported',
    tests: [],
    rows: 'benchmark V5',
    open: '(b) llama-bench’s loops compiled to WebAssembly and (c) our metrics on a native server: not run.',
  },
  {
    id: 'V6',
    what: 'A/A: the same thing twice, simulated with the spread of sessions on desktops, laptops and phones; coverage of the intervals',
    passes: '≤ 5 % false differences; 93 to 97 % coverage',
    tests: [/two runs of the same thing/, /the interval of a rate › holds/, /the interval of a rate › still does/],
    open: 'Pairs on real devices of each class: not run.',
  },
  {
    id: 'V7',
    what: 'A true difference, interleaved, under a drift of 20 %; an engine at half its pace',
    passes: '10 % found in ≥ 90 %, 5 % in ≥ 60 %; half is half ± 5 %',
    tests: [/a true difference/, /V7/],
    open: 'Throttling of real WebAssembly: not run. Chromium’s protocol throttles pages only (“Operation is only supported for pages, not workers”).',
  },
  {
    id: 'V8',
    what: 'Every validity check fires, for its own reason; fifty clean runs raise none',
    passes: 'all; no false alarm',
    tests: [/validity\.test/, /benchmark-page\.test.*(watched|pressure|clocks|one run)/, /a page that is hidden/],
  },
  {
    id: 'V9',
    what: 'The limit',
    passes: 'function only: plateau, kernels on the software adapter, a reader of memory reaches 100 %',
    tests: [/ceiling\.test/, /the memory of the CPU/, /the limits of a GPU/],
    open: 'Slope against timestamps, and the ratio to five vendors’ figures: not run, for want of a GPU.',
  },
  {
    id: 'V10',
    what: 'Formats: layout of llama-bench to the letter; round trips of file, link and picture',
    passes: 'byte or semantic equality',
    tests: [/formats\.test/],
    open: 'llama.cpp’s scripts/compare-llama-bench.py was run by hand on two exports each of JSON, CSV and JSON lines, and read them; it is not part of this repository. QR codes: not made.',
  },
  {
    id: 'V11',
    what: 'Imports of strangers: schema, newer versions, damage at random, hostile and enormous data',
    passes: 'a result or a named failure',
    tests: [/import\.test/],
  },
  {
    id: 'V12',
    what: 'What it costs to be watched',
    passes: '< 1 %',
    tests: [/gpu-watch\.test/],
    rows: 'benchmark V12',
  },
  { id: 'V13', what: 'Statistics against numpy and scipy', passes: '1e-6', tests: [/statistics\.test/] },
  {
    id: 'V14',
    what: 'Ten minutes on a device with a known throttle curve',
    passes: 'drop ± 1 point, time to 90 % ± 10 s and half a bin',
    tests: [/sustained\.test/],
  },
  {
    id: 'V15',
    what: 'Bytes of a token from the headers of the files',
    passes: 'exact',
    tests: [/accounting\.test/, /V15/],
    open: 'Against the buffers that a GPU binds: not run, for want of a GPU. On the software adapter, what WebLLM allots is more than weights and cache together, as it must be (the same opt-in suite).',
  },
];

/** Sets what a model needs against what a device has. */
import type { DeviceFacts } from '../shared/domain/device';
import { fitVerdicts, type Fit, type FitNeed, type FitReason, type FitVerdict } from '../shared/domain/fit';
import type { WeightsFormat } from '../shared/protocol/weights';
import { cpuReasons } from './fit-cpu';
import { gpuReasons } from './fit-gpu';
import { runnableFormats } from './runnable-formats';

const GiB = 1024 ** 3;

/**
 * Browsers cap the memory they tell, most of them at 8 GiB, some at 32: from here on a device may have any amount more, so
 * nothing is concluded. (A floor that is taken at its word hides models that run well.)
 */
const cappedMemoryGiB = 8;
/** The rest is taken by the system, the browser and other pages. */
const shareForOneModel = 0.5;

/** iOS has been seen to end a page at about 1.5 GB; the model is not all of the page. */
const mobileTightBytes = 1.2e9;
const mobileUnlikelyBytes = 2.5e9;

/** Tokens per second: what writes slower than one reads is slow. */
const readingSpeed = 4;
const guesses: ReadonlySet<FitReason['kind']> = new Set(['slow-on-cpu', 'one-thread']);

/** Up to here even an old phone has the room. */
const lightBytes = 300e6;

/**
 * Whether the device can run the model, with the reasons, the weightiest first. A model that is stored already passes its
 * `storedBytes`, so that it is not told to lack the space it already has.
 * @param tokensPerSecond to expect by what was measured here; null where nothing was, and then its size is judged instead
 */
export function fitOf(
  need: FitNeed,
  device: DeviceFacts,
  runnable: ReadonlySet<WeightsFormat> = runnableFormats,
  tokensPerSecond: number | null = null,
): Fit {
  const ofEngine = need.format === 'mlc' ? gpuReasons(need, device) : cpuReasons(need, device);
  const obstacles = [
    ...(runnable.has(need.format) ? [] : [{ kind: 'engine-missing', format: need.format } as const]),
    // What was measured is worth more than a guess.
    ...ofEngine.filter(({ kind }) => tokensPerSecond === null || !guesses.has(kind)),
    ...(tokensPerSecond !== null && tokensPerSecond < readingSpeed
      ? [{ kind: 'slow-as-measured', tokensPerSecond } as const]
      : []),
    ...memoryReasons(need, device),
    ...storageReasons(need, device),
  ];
  const reasons = obstacles.length > 0 ? [...obstacles].sort((a, b) => weightOf(b) - weightOf(a)) : [comfort(need)];
  const heaviest = reasons[0];
  return { verdict: heaviest ? verdictOf(heaviest) : 'good', reasons };
}

function memoryReasons(need: FitNeed, { memoryGiB, mobile }: DeviceFacts): FitReason[] {
  const neededBytes = need.memoryBytes;
  if (mobile && neededBytes > mobileTightBytes) return [{ kind: 'mobile-memory', neededBytes }];
  if (memoryGiB === null || memoryGiB >= cappedMemoryGiB) return [];
  const deviceBytes = memoryGiB * GiB;
  return neededBytes > deviceBytes * shareForOneModel ? [{ kind: 'memory-tight', neededBytes, deviceBytes }] : [];
}

function storageReasons(need: FitNeed, { storage }: DeviceFacts): FitReason[] {
  if (storage.quotaBytes === null) return [];
  const freeBytes = Math.max(0, storage.quotaBytes - (storage.usedBytes ?? 0));
  const neededBytes = need.bytes - (need.storedBytes ?? 0);
  return neededBytes > freeBytes ? [{ kind: 'storage-short', neededBytes, freeBytes }] : [];
}

function comfort(need: FitNeed): FitReason {
  if (need.format === 'mlc') return { kind: 'needs-gpu-memory', neededBytes: need.memoryBytes };
  if (need.bytes <= lightBytes) return { kind: 'light' };
  return { kind: 'needs-memory', neededBytes: need.memoryBytes };
}

/** What a reason makes of the verdict when it is the weightiest. */
function verdictOf(reason: FitReason): FitVerdict {
  switch (reason.kind) {
    case 'light':
    case 'needs-memory':
    case 'needs-gpu-memory':
      return 'good';
    case 'one-thread':
    case 'slow-on-cpu':
    case 'slow-as-measured':
    case 'software-gpu':
      return 'slow';
    case 'short-context':
    case 'memory-tight':
    case 'storage-short':
      return 'tight';
    case 'mobile-memory':
      return reason.neededBytes > mobileUnlikelyBytes ? 'unlikely' : 'tight';
    case 'engine-missing':
    case 'needs-webgpu':
    case 'needs-f16':
    case 'gpu-limits':
    case 'exceeds-wasm-memory':
    case 'exceeds-weights-limit':
    case 'no-llama-cpp':
      return 'unlikely';
  }
}

const weightOf = (reason: FitReason): number => fitVerdicts.indexOf(verdictOf(reason));

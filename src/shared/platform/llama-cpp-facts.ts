/** What the build of llama.cpp for this browser can do, and with how much memory. */
import { grantsMemory, llamaCppBuild, type LlamaCppBuild } from './llama-cpp-build';

export interface LlamaCppFacts {
  readonly build: LlamaCppBuild;
  /** Bytes of WebAssembly memory that the browser grants one engine: weights, KV cache and the engine itself. */
  readonly memoryBytes: number;
  /** The largest single piece of it, in bytes: all weights are one, the KV cache is another. */
  readonly pieceBytes: number;
  /** Whether it can use a GPU, too: that needs calls that wait inside WebAssembly (JSPI), and the build with 64-bit memory. */
  readonly gpu: boolean;
}

/**
 * With 32 bits, sizes are signed: beyond this, llama.cpp takes a whole file for one that is cut off, and weights that come in
 * several files end the page. (Tried with 2.0 and 2.15 GB, in Chromium and WebKit; together, weights and cache may be more.)
 */
const largestPiece: Readonly<Record<LlamaCppBuild, number>> = { main: Infinity, compat: 2 ** 31 - 1 };

/** Both builds end here, whatever the device has. */
const mostMemoryBytes = 4 * 1024 ** 3;
const leastMemoryBytes = 256 * 1024 ** 2;
const memoryStepBytes = 256 * 1024 ** 2;

/** All that is known before anything is loaded; null where no build can run. */
export function llamaCppFacts(): LlamaCppFacts | null {
  const build = llamaCppBuild();
  if (build === null) return null;
  // Browsers on phones grant less than others.
  let memoryBytes = mostMemoryBytes;
  while (memoryBytes > leastMemoryBytes && !grantsMemory(build, memoryBytes)) memoryBytes -= memoryStepBytes;
  const gpu = build === 'main' && 'Suspending' in WebAssembly;
  return { build, memoryBytes, pieceBytes: largestPiece[build], gpu };
}

/**
 * Whether an engine can have several threads here. Isolation alone is not enough: WebKitGTK isolates a page, leaves
 * `SharedArrayBuffer` out, and refuses to hand a shared memory to a worker, although it makes one.
 */
export const hasThreads = (): boolean =>
  globalThis.crossOriginIsolated === true && typeof SharedArrayBuffer === 'function';

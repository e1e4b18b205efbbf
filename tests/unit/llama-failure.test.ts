/** What is read out of llama.cpp's words, and of the browsers' about its binary: each sentence was recorded in the browser it is named after. */
import { describe, expect, it } from 'vitest';
import type { FailureKind } from '../../src/shared/protocol/failure';
import { llamaFailure } from '../../workers/engine/llama-cpp/llama-failure';

const prepare = 'failed to asynchronously prepare wasm: ';

const binaries: readonly (readonly [string, string, FailureKind])[] = [
  [
    'Chromium, no network',
    "NetworkError: Failed to execute 'send' on 'XMLHttpRequest': Failed to load 'http://localhost/assets/wllama.wasm'.",
    'part-unreachable',
  ],
  ['Firefox, no network', 'NetworkError: A network error occurred.', 'part-unreachable'],
  ['WebKit, no network', 'NetworkError:  A network error occurred.', 'part-unreachable'],
  [
    'Chromium, a page of HTML',
    'CompileError: WebAssembly.instantiate(): expected magic word 00 61 73 6d, found 3c 68 31 3e @+0',
    'engine-damaged',
  ],
  [
    'Firefox, a page of HTML',
    'CompileError: wasm validation error: at offset 4: failed to match magic number',
    'engine-damaged',
  ],
  [
    'WebKit, a page of HTML',
    "CompileError: WebAssembly.Module doesn't parse at byte 0: module doesn't start with '\\0asm'",
    'engine-damaged',
  ],
  [
    'Chromium, half of it',
    'CompileError: WebAssembly.instantiate(): section (code 10, "Code") extends past end of the module (length 7733077, remaining bytes 5093752) @+28557',
    'engine-damaged',
  ],
  [
    'Firefox, half of it',
    'CompileError: wasm validation error: at offset 5120941: function body length too big',
    'engine-damaged',
  ],
  [
    'WebKit, half of it',
    "CompileError: WebAssembly.Module doesn't parse at byte 9372175: Code function's size 6520 exceeds the module's remaining size",
    'engine-damaged',
  ],
  [
    'WebKit, without relaxed SIMD',
    "CompileError: WebAssembly.Module doesn't parse at byte 12: invalid extended simd op 275",
    'browser-outdated',
  ],
  [
    'Chromium, no memory to compile in',
    'RangeError: WebAssembly.instantiate(): Out of memory: Cannot allocate Wasm memory for new instance',
    'out-of-memory',
  ],
];

describe('what a browser says of the binary', () => {
  it.each(binaries)('names the failure: %s', (_, sentence, kind) => {
    // The exception itself is wllama's stumble.
    const failure = llamaFailure(new TypeError('t.replace is not a function'), [prepare + sentence]);
    expect(failure).toMatchObject({ kind, technical: expect.stringContaining(sentence) });
  });
});

it.each<[string, FailureKind]>([
  ['std::bad_alloc', 'out-of-memory'],
  ['Cannot allocate WebAssembly.Memory', 'out-of-memory'],
  ['error loading model: unknown model architecture: martian', 'model-unknown-architecture'],
  ['File read failed: NotReadableError: gone', 'file-missing'],
  [
    'wasm file version (b1-0000000) does not match the expected version (b2-1111111). Use the wasm file from the same release',
    'engine-version-mismatch',
  ],
  ['unreachable executed', 'engine-crashed'],
])('of "%s" it makes %s', (sentence, kind) => {
  expect(llamaFailure(new Error(sentence), []).kind).toBe(kind);
});

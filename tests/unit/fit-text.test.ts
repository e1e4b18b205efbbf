import { describe, expect, it } from 'vitest';
import type { FitReason, FitVerdict } from '../../src/shared/domain/fit';
import { fitText } from '../../src/text/fit-text';
import { languageTags } from '../../src/shared/domain/languages';
import { overwriteGetLocale } from '../../src/text/paraglide/runtime.js';

const everyReason: readonly FitReason[] = [
  { kind: 'engine-missing', format: 'mlc' },
  { kind: 'needs-webgpu', cause: 'no-api' },
  { kind: 'needs-webgpu', cause: 'no-adapter' },
  { kind: 'needs-f16' },
  { kind: 'software-gpu' },
  { kind: 'gpu-limits', limit: 'storage-buffers', needed: 10, available: 8 },
  { kind: 'gpu-limits', limit: 'workgroup-storage', needed: 32768, available: 16384 },
  { kind: 'gpu-limits', limit: 'tensor', needed: 3e8, available: 1.3e8 },
  { kind: 'exceeds-wasm-memory', neededBytes: 6e9, limitBytes: 4e9 },
  { kind: 'short-context', limitBytes: 4e9 },
  { kind: 'exceeds-weights-limit', weightsBytes: 3e9, limitBytes: 2e9 },
  { kind: 'no-llama-cpp' },
  { kind: 'memory-tight', neededBytes: 3e9, deviceBytes: 4e9 },
  { kind: 'mobile-memory', neededBytes: 2e9 },
  { kind: 'one-thread' },
  { kind: 'slow-on-cpu', pace: 'slow' },
  { kind: 'slow-on-cpu', pace: 'very-slow' },
  { kind: 'slow-as-measured', tokensPerSecond: 2.5 },
  { kind: 'storage-short', neededBytes: 3e9, freeBytes: 1e9 },
  { kind: 'light' },
  { kind: 'needs-memory', neededBytes: 1e9 },
  { kind: 'needs-gpu-memory', neededBytes: 1e9 },
];

describe.each(languageTags)('the words of a fit in %s', (tag) => {
  it('are one sentence of its own for each reason', () => {
    overwriteGetLocale(() => tag);
    const { reasons } = fitText({ verdict: 'unlikely', reasons: everyReason });
    expect(new Set(reasons).size).toBe(everyReason.length);
    for (const sentence of reasons) {
      expect(sentence).toMatch(tag === 'en' ? /^[^\u4e00-\u9fff{}]{11,}\.$/ : /^[^{}]*[\u4e00-\u9fff][^{}]*。$/);
      expect(sentence).not.toMatch(/undefined|NaN|device_fit/);
    }
  });

  it('name the verdict, but not the device where only the engine is missing', () => {
    overwriteGetLocale(() => tag);
    const title = (verdict: FitVerdict, kind: 'light' | 'no-llama-cpp') =>
      fitText({ verdict, reasons: [{ kind }] }).title;
    const titles = [title('good', 'light'), title('slow', 'light'), title('tight', 'light')];
    titles.push(title('unlikely', 'no-llama-cpp'));
    titles.push(fitText({ verdict: 'unlikely', reasons: [{ kind: 'engine-missing', format: 'mlc' }] }).title);
    expect(new Set(titles).size).toBe(5);
    for (const words of titles) expect(/[\u4e00-\u9fff]/.test(words)).toBe(tag === 'zh-CN');
  });
});

import { describe, expect, it } from 'vitest';
import { predictSpeed } from '../../src/shared/domain/benchmark/prediction';
import { fitOf } from '../../src/device/fit';
import type { QuickSpeeds } from '../../src/engine/device-memory';
import { joinMeasured, measuredByCheck } from '../../src/engine/quick-prediction';
import { devices } from '../fixtures/devices';

const check: QuickSpeeds = {
  at: 0,
  checks: 1,
  cpu: 12,
  gpu: null,
  threads: 2,
  prefill: 4000,
  decode: 2700,
  coreRate: 9.4,
};

describe('a check of a few seconds', () => {
  it('expects of a model what was measured of one here, within its range', () => {
    // Qwen3-0.6B Q4_K_M writes 20 to 22 tokens a second on the machine whose Guide writes 2,700 on one thread.
    const speed = predictSpeed('cpu', 396_705_472, measuredByCheck(check));
    expect(speed?.low).toBeLessThan(20);
    expect(speed?.high).toBeGreaterThan(22);
  });

  it('never expects more of memory than an engine can make of it', () => {
    expect(measuredByCheck({ ...check, coreRate: 100 }).reached.cpu).toEqual([0.85]);
    expect(measuredByCheck({ ...check, coreRate: null }).reached.cpu).toEqual([]);
  });

  it('gives way to the benchmark, place by place', () => {
    const benchmark = { cpu: 20, gpu: null, reached: { cpu: [0.4], gpu: [] } };
    const joined = joinMeasured(benchmark, measuredByCheck({ ...check, gpu: 300 }));
    expect(joined).toEqual({ cpu: 20, gpu: 300, reached: { cpu: [0.4], gpu: [] } });
    expect(joinMeasured(null, null)).toBeNull();
    expect(joinMeasured(benchmark, null)).toBe(benchmark);
  });
});

describe('the verdict by what was measured', () => {
  const need = { format: 'gguf', bytes: 1e9, memoryBytes: 1.5e9, needsF16: false, parameters: 1.7e9 } as const;

  it('is slow for what writes slower than one reads, however small it is', () => {
    const fit = fitOf(need, devices['gaming PC'], undefined, 3.9);
    expect(fit).toEqual({ verdict: 'slow', reasons: [{ kind: 'slow-as-measured', tokensPerSecond: 3.9 }] });
    expect(fitOf(need, devices['gaming PC'], undefined, 4).verdict).toBe('good');
  });

  it('takes the place of the guess from cores and parameters', () => {
    const twoCores = { ...devices['gaming PC'], cores: 2 };
    const large = { ...need, parameters: 4e9, architecture: 'chatglm' };
    expect(fitOf(large, twoCores).verdict).toBe('slow');
    expect(fitOf(large, twoCores, undefined, 6).verdict).toBe('good');
  });
});

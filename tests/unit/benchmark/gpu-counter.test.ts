import { describe, expect, it } from 'vitest';
import { countGpuWork } from '../../../workers/benchmark/gpu-counter';

function scopeOf() {
  class GPUBuffer {
    destroyed = false;
    destroy(): undefined {
      this.destroyed = true;
    }
  }
  class GPUDevice {
    createBuffer(_: { size: number }): GPUBuffer {
      return new GPUBuffer();
    }
  }
  class GPUComputePassEncoder {
    calls: unknown[][] = [];
    dispatchWorkgroups(...given: unknown[]): void {
      this.calls.push(given);
    }
    dispatchWorkgroupsIndirect(...given: unknown[]): void {
      this.calls.push(given);
    }
  }
  return { GPUBuffer, GPUDevice, GPUComputePassEncoder };
}

describe('what an engine does to the GPU', () => {
  it('is told as the most bytes that lived at once', () => {
    const scope = scopeOf();
    const watch = countGpuWork(scope);
    const device = new scope.GPUDevice();
    const first = device.createBuffer({ size: 100 });
    const second = device.createBuffer({ size: 50 });
    first.destroy();
    first.destroy();
    expect(first.destroyed).toBe(true);
    device.createBuffer({ size: 80 });
    second.destroy();
    expect(watch?.peakBytes).toBe(150);
  });

  it('is told anew for each model', () => {
    const scope = scopeOf();
    const watch = countGpuWork(scope);
    const device = new scope.GPUDevice();
    const earlier = device.createBuffer({ size: 4000 });
    const kept = device.createBuffer({ size: 30 });
    earlier.destroy();
    watch?.begin();
    device.createBuffer({ size: 500 });
    expect(watch?.peakBytes).toBe(530);
    kept.destroy();
    expect(watch?.peakBytes).toBe(530);
  });

  it('is counted while it is asked for, and passed on unchanged', async () => {
    const scope = scopeOf();
    const watch = countGpuWork(scope);
    const pass = new scope.GPUComputePassEncoder();
    pass.dispatchWorkgroups(1, 2, 3);
    const counted = await watch?.countDispatches(() => {
      pass.dispatchWorkgroups(4);
      pass.dispatchWorkgroupsIndirect('buffer', 0);
      return Promise.resolve('done');
    });
    pass.dispatchWorkgroups(5);
    expect(counted).toEqual({ value: 'done', dispatches: 2 });
    expect(pass.calls).toEqual([[1, 2, 3], [4], ['buffer', 0], [5]]);
    await expect(watch?.countDispatches(() => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
    expect(Object.getOwnPropertyNames(pass)).toEqual(['calls']);
  });

  it('is nothing where there is no WebGPU', () => {
    expect(countGpuWork({})).toBeNull();
  });
});

/** The limits of the device, as our own kernels find them: that they are found, not how fast this machine is. */
import { wrap } from 'comlink';
import { describe, expect, it } from 'vitest';
import gpuWorkerUrl from '../../workers/gpu-limit.worker.ts?worker&url';
import type { GpuLimit } from '../../workers/benchmark/gpu/gpu-limit';
import { ReadTeam } from '../../workers/benchmark/memory/read-team';
import { readModule } from '../../workers/benchmark/memory/read-module';

describe('the memory of the CPU', () => {
  it('is read by a module that WebAssembly takes', () => {
    expect(WebAssembly.validate(readModule(true))).toBe(true);
    expect(WebAssembly.validate(readModule(false))).toBe(true);
  });

  it.each([1, 2])('is read by %i threads together', async (threads) => {
    if (!crossOriginIsolated && threads > 1) return;
    const team = await ReadTeam.start(threads, 32 * 1024 ** 2);
    const speeds = [await team.read(32 * 1024 ** 2, 60), await team.read(1024 ** 2, 60)];
    team.end();
    for (const speed of speeds) {
      expect(speed).toBeGreaterThan(0.2);
      expect(speed).toBeLessThan(2000);
    }
  });

  it('is read in half the size, and so on, where it is not to be had', async () => {
    const { Memory } = WebAssembly;
    const mostPages = 256;
    WebAssembly.Memory = new Proxy(Memory, {
      construct: (target, [descriptor]: [WebAssembly.MemoryDescriptor]) => {
        if (descriptor.initial > mostPages) throw new RangeError('could not allocate memory');
        return new target(descriptor);
      },
    });
    try {
      const team = await ReadTeam.start(2, 256 * 1024 ** 2);
      expect(team.bytes).toBe(16 * 1024 ** 2);
      expect(await team.read(256 * 1024 ** 2, 20)).toBeGreaterThan(0.2);
      team.end();
    } finally {
      WebAssembly.Memory = Memory;
    }
  });
});

describe('the limits of a GPU, on the software adapter (function only: its figures mean nothing)', () => {
  it('are all found', async () => {
    const worker = new Worker(gpuWorkerUrl, { type: 'module' });
    const limit = wrap<GpuLimit>(worker);
    const brief = { how: 'brief', mostBytes: 2 ** 28, softwareToo: true } as const;
    expect(
      await limit.measure({ ...brief, softwareToo: false }),
      'a software adapter is none unless asked for',
    ).toBeNull();
    const reading = await limit.measure(brief);
    if (!reading) throw new Error('this Chromium has no software adapter: see vitest.config.ts');
    for (const { gigabytesPerSecond } of reading.readings) expect(gigabytesPerSecond).toBeGreaterThan(0);
    expect(reading.dispatchMicroseconds).toBeGreaterThan(0);
    expect(reading.syncMicroseconds).toBeGreaterThan(0);
    expect(await limit.sample()).toBeGreaterThan(0);
    worker.terminate();
  }, 120_000);

  it('are looked for with every kernel there is, in no more memory than is allowed', async () => {
    const worker = new Worker(gpuWorkerUrl, { type: 'module' });
    const limit = wrap<GpuLimit>(worker);
    const reading = await limit.measure({ how: 'full', mostBytes: 2 ** 24, softwareToo: true });
    expect(reading?.readings.map(({ bytes }) => bytes)).toEqual([2 ** 24]);
    expect(reading?.quantized).toBeGreaterThan(0);
    expect(reading?.gigaflops).toBeGreaterThan(0);
    worker.terminate();
  }, 120_000);
});

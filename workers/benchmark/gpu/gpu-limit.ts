/** The limits of a GPU: reading memory, starting work, waiting for it, multiplying. Runs in a worker of its own, beside the engine's. */
import type { BandwidthReading, GpuReading } from '../../../src/shared/domain/benchmark/ceiling';
import { median } from '../../../src/shared/domain/benchmark/statistics';
import { sampleUntilSure } from '../memory/sample-until-sure';
import { bufferUsage, mapRead } from './flags';
import {
  dispatchShader,
  fillShader,
  multiplyAddsPerThread,
  multiplyShader,
  quantizedShader,
  readShader,
  readVariants,
  type ReadVariant,
} from './shaders';
import { openTimedDevice, type Kernel, type TimedDevice } from './timed-device';

const mebibyte = 1024 ** 2;
const usual: ReadVariant = { threads: 256, loads: 4 };
/** Threads that read: enough to fill any GPU. */
const readers = 262_144;

export interface GpuLimitRequest {
  readonly how: 'brief' | 'full';
  readonly mostBytes: number;
  /** For tests of function: the figures of a GPU in software mean nothing. */
  readonly softwareToo: boolean;
}

interface Effort {
  readonly sizes: readonly number[];
  readonly variants: readonly ReadVariant[];
  readonly samples: number;
  readonly waits: number;
  readonly all: boolean;
}

const efforts: Record<'brief' | 'full', Effort> = {
  brief: { sizes: [64, 256], variants: [usual], samples: 3, waits: 20, all: false },
  full: { sizes: [16, 64, 256, 512], variants: readVariants, samples: 10, waits: 50, all: true },
};

export class GpuLimit {
  #timed: TimedDevice | null = null;
  #sample: { readonly kernel: Kernel; readonly times: number; readonly bytes: number } | null = null;

  /** @returns null where there is no GPU */
  async measure({ how, mostBytes, softwareToo }: GpuLimitRequest): Promise<GpuReading | null> {
    const timed = await openTimedDevice(softwareToo, mostBytes);
    this.#timed = timed;
    if (!timed) return null;
    const effort = efforts[how];
    const most = Math.min(mostBytes, timed.device.limits.maxStorageBufferBindingSize);
    const sizes = effort.sizes.map((size) => size * mebibyte).filter((size) => size <= most);
    const variant = await this.#fastest(timed, effort, sizes[0] ?? mebibyte);
    const readings: BandwidthReading[] = [];
    for (const bytes of sizes) readings.push(await this.#read(timed, variant, bytes, effort.samples));
    const largest = sizes.at(-1) ?? mebibyte;
    return {
      readings,
      variant: `${variant.threads} × ${variant.loads}`,
      quantized: effort.all ? await this.#quantized(timed, largest, effort.samples) : null,
      byTimestamp: effort.all ? await this.#byTimestamp(timed, variant, largest) : null,
      ...(await this.#costs(timed, effort.waits)),
      gigaflops: effort.all ? await this.#gigaflops(timed) : null,
      halfPrecision: timed.device.features.has('shader-f16'),
    };
  }

  /** GB/s of about 200 ms of reading 64 MiB; null where `measure` found no GPU. */
  async sample(): Promise<number | null> {
    const timed = this.#timed;
    if (!timed) return null;
    if (!this.#sample) {
      const bytes = Math.min(64 * mebibyte, timed.device.limits.maxStorageBufferBindingSize);
      const kernel = await this.#reader(timed, readShader(usual), usual.threads, bytes);
      this.#sample = { kernel, bytes, times: await timed.batchOf(kernel) };
    }
    const { kernel, bytes, times } = this.#sample;
    return bytes / (await timed.slope(kernel, times)) / 1e6;
  }

  async #fastest(timed: TimedDevice, { variants }: Effort, bytes: number): Promise<ReadVariant> {
    let best = { variant: usual, speed: 0 };
    for (const variant of variants) {
      const { gigabytesPerSecond: speed } = await this.#read(timed, variant, bytes, 2);
      if (speed > best.speed) best = { variant, speed };
    }
    return best.variant;
  }

  async #read(timed: TimedDevice, variant: ReadVariant, bytes: number, samples: number): Promise<BandwidthReading> {
    const kernel = await this.#reader(timed, readShader(variant), variant.threads, bytes);
    const times = await timed.batchOf(kernel);
    return sampleUntilSure(bytes, samples, async () => bytes / (await timed.slope(kernel, times)) / 1e6);
  }

  async #quantized(timed: TimedDevice, bytes: number, samples: number): Promise<number> {
    const kernel = await this.#reader(timed, quantizedShader, 256, bytes);
    const times = await timed.batchOf(kernel);
    const { gigabytesPerSecond } = await sampleUntilSure(
      bytes,
      samples,
      async () => bytes / (await timed.slope(kernel, times)) / 1e6,
    );
    return gigabytesPerSecond;
  }

  /** A second opinion, by the GPU's own clock. */
  async #byTimestamp(timed: TimedDevice, variant: ReadVariant, bytes: number): Promise<number | null> {
    const { device } = timed;
    if (!device.features.has('timestamp-query')) return null;
    const kernel = await this.#reader(timed, readShader(variant), variant.threads, bytes);
    const times = await timed.batchOf(kernel);
    const stamps = device.createQuerySet({ type: 'timestamp', count: 2 });
    await timed.run(kernel, 2 * times, stamps);
    const resolved = timed.buffer(16, bufferUsage.queryResolve | bufferUsage.copySource);
    const read = timed.buffer(16, bufferUsage.copyTarget | bufferUsage.mapRead);
    const encoder = device.createCommandEncoder();
    encoder.resolveQuerySet(stamps, 0, 2, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, read, 0, 16);
    device.queue.submit([encoder.finish()]);
    await read.mapAsync(mapRead);
    const [from = 0n, to = 0n] = new BigUint64Array(read.getMappedRange());
    const nanoseconds = Number(to - from);
    return nanoseconds > 0 ? (2 * times * bytes) / nanoseconds : null;
  }

  async #costs(timed: TimedDevice, waits: number): Promise<{ dispatchMicroseconds: number; syncMicroseconds: number }> {
    const out = timed.buffer(4, bufferUsage.storage | bufferUsage.copySource);
    const kernel = await timed.kernel(dispatchShader, [out], 1);
    // Never a single one: that would be the price of the submission.
    const times = Math.max(500, await timed.batchOf(kernel));
    const slopes = [
      await timed.slope(kernel, times),
      await timed.slope(kernel, times),
      await timed.slope(kernel, times),
    ];
    const read = timed.buffer(4, bufferUsage.copyTarget | bufferUsage.mapRead);
    const trips: number[] = [];
    for (let wait = 0; wait < waits; wait += 1) {
      const startedAt = performance.now();
      const encoder = timed.device.createCommandEncoder();
      encoder.copyBufferToBuffer(out, 0, read, 0, 4);
      timed.device.queue.submit([encoder.finish()]);
      await read.mapAsync(mapRead);
      trips.push(performance.now() - startedAt);
      read.unmap();
    }
    return { dispatchMicroseconds: median(slopes) * 1000, syncMicroseconds: median(trips) * 1000 };
  }

  async #gigaflops(timed: TimedDevice): Promise<number> {
    const out = timed.buffer(readers * 4, bufferUsage.storage);
    const kernel = await timed.kernel(multiplyShader(timed.device.features.has('shader-f16')), [out], readers / 256);
    const times = await timed.batchOf(kernel);
    const milliseconds = median([await timed.slope(kernel, times), await timed.slope(kernel, times)]);
    out.destroy();
    return (2 * readers * multiplyAddsPerThread) / milliseconds / 1e6;
  }

  #buffers: { readonly bytes: number; readonly data: GPUBuffer; readonly out: GPUBuffer } | null = null;

  /** A kernel on a buffer of this size, which is made once for all kernels that want it. */
  async #reader(timed: TimedDevice, code: string, threads: number, bytes: number): Promise<Kernel> {
    if (this.#buffers?.bytes !== bytes) {
      this.#buffers?.data.destroy();
      this.#buffers?.out.destroy();
      const data = timed.buffer(bytes, bufferUsage.storage);
      const out = timed.buffer(readers * 4, bufferUsage.storage);
      await timed.run(await timed.kernel(fillShader, [data], readers / 256), 1);
      this.#buffers = { bytes, data, out };
    }
    const { data, out } = this.#buffers;
    return timed.kernel(code, [data, out], readers / threads);
  }
}

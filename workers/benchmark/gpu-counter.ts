/**
 * Counts what an engine does to the GPU, by stepping in between it and WebGPU: bytes of living buffers always, which costs one
 * addition for each buffer, and dispatches only while they are asked for. No adapter is asked for here.
 */
import type { GpuCounter } from './runner-parts';

interface GpuScope {
  readonly GPUDevice?: { readonly prototype: { createBuffer(descriptor: { size: number }): object } };
  readonly GPUBuffer?: { readonly prototype: { destroy(): undefined } };
  readonly GPUComputePassEncoder?: { readonly prototype: object };
}

const dispatchNames = ['dispatchWorkgroups', 'dispatchWorkgroupsIndirect'] as const;
type Method = (this: unknown, ...args: unknown[]) => unknown;

class CountingGpu implements GpuCounter {
  readonly #living = new WeakMap<object, number>();
  #bytes = 0;
  #peak = 0;

  constructor(private readonly scope: GpuScope) {}

  get peakBytes(): number {
    return this.#peak;
  }

  begin(): void {
    this.#peak = this.#bytes;
  }

  add(buffer: object, bytes: number): void {
    this.#living.set(buffer, bytes);
    this.#bytes += bytes;
    this.#peak = Math.max(this.#peak, this.#bytes);
  }

  remove(buffer: object): void {
    // Destroying twice is allowed.
    this.#bytes -= this.#living.get(buffer) ?? 0;
    this.#living.delete(buffer);
  }

  async countDispatches<T>(work: () => Promise<T>): Promise<{ value: T; dispatches: number }> {
    let dispatches = 0;
    const prototype = this.scope.GPUComputePassEncoder?.prototype ?? {};
    const originals = dispatchNames.map((name) => [name, Reflect.get(prototype, name) as Method] as const);
    for (const [name, original] of originals) {
      Reflect.set(prototype, name, function (this: unknown, ...args: unknown[]): unknown {
        dispatches += 1;
        return original.apply(this, args);
      });
    }
    try {
      return { value: await work(), dispatches };
    } finally {
      for (const [name, original] of originals) Reflect.set(prototype, name, original);
    }
  }
}

/** Begins to watch; to be called before an engine makes its device. Null where there is no WebGPU. */
export function countGpuWork(scope: GpuScope = globalThis as GpuScope): GpuCounter | null {
  const device = scope.GPUDevice?.prototype;
  const buffer = scope.GPUBuffer?.prototype;
  if (!device || !buffer) return null;
  const watch = new CountingGpu(scope);
  const create = Reflect.get(device, 'createBuffer') as Method;
  const destroy = Reflect.get(buffer, 'destroy') as Method;
  Reflect.set(device, 'createBuffer', function (this: unknown, descriptor: { size: number }): unknown {
    const made = create.call(this, descriptor) as object;
    watch.add(made, descriptor.size);
    return made;
  });
  Reflect.set(buffer, 'destroy', function (this: object): unknown {
    watch.remove(this);
    return destroy.call(this);
  });
  return watch;
}

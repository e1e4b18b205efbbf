/**
 * Watches the device that WebLLM makes. The package keeps it to itself and tells nobody when it is lost: it unloads in
 * silence, and the call that runs then rejects with whatever broke first, or never. So `requestDevice` is wrapped while a
 * model loads, and the device is held here.
 */
import type { Failure } from '../../../src/shared/protocol/failure';
import type { GpuDevice, GpuLostInfo } from './gpu-types';

const hungWords = /hung\b|\bhang\b|timeout|timed out|\bTDR\b|\breset\b/i;

interface AdapterClass {
  readonly prototype: { requestDevice(descriptor?: object): Promise<GpuDevice> };
}

export class GpuWatch {
  #device: GpuDevice | null = null;
  #letGo = false;
  /** What the browser or the package said of an allocation that failed. */
  #shortage: string | null = null;
  #lostDuringLoad = true;
  #tellLost: (failure: Failure) => void = () => undefined;
  /** Settles with the reason when the device is lost, and not when it was let go. */
  readonly lost: Promise<Failure>;

  constructor() {
    this.lost = new Promise((resolve) => (this.#tellLost = resolve));
  }

  /** Runs `work`, and takes note of the device that is made in it. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const { prototype } = (Reflect.get(self, 'GPUAdapter') ?? { prototype: null }) as AdapterClass;
    if (prototype === null) return work();
    const request = Object.getOwnPropertyDescriptor(prototype, 'requestDevice');
    const original = prototype.requestDevice;
    const watch = (device: GpuDevice): GpuDevice => this.#watch(device);
    prototype.requestDevice = async function (descriptor): Promise<GpuDevice> {
      return watch(await original.call(this, descriptor));
    };
    try {
      return await work();
    } finally {
      if (request) Object.defineProperty(prototype, 'requestDevice', request);
    }
  }

  /** From now on a loss is the driver's or the browser's doing, not that of allocations for a load. */
  loaded(): void {
    this.#lostDuringLoad = false;
  }

  /** Gives the GPU's memory back at once; the loss that follows is nobody's failure. */
  letGo(): void {
    this.#letGo = true;
    this.#device?.destroy();
  }

  #watch(device: GpuDevice): GpuDevice {
    this.#device = device;
    if (this.#letGo) device.destroy();
    device.addEventListener('uncapturederror', (event) => this.#note((event as Event & { error?: unknown }).error));
    // The package asks in scopes of its own whether each buffer could be had, and destroys the device where one could not.
    const pop = device.popErrorScope.bind(device);
    device.popErrorScope = async (): Promise<Error | null> => {
      const error = await pop();
      this.#note(error);
      return error;
    };
    void device.lost.then((info) => {
      if (!this.#letGo) this.#tellLost(this.#failureOf(info));
    });
    return device;
  }

  #note(error: unknown): void {
    const memory = Reflect.get(self, 'GPUOutOfMemoryError') as (new () => Error) | undefined;
    if (memory && error instanceof memory) this.#shortage = error.message || 'out of memory';
    else if (error instanceof Error && /out of memory|allocat/i.test(error.message)) this.#shortage ??= error.message;
  }

  #failureOf({ reason, message }: GpuLostInfo): Failure {
    const technical = `the device was lost (${reason}): ${message}${this.#shortage === null ? '' : `; ${this.#shortage}`}`;
    if (this.#shortage !== null) return { kind: 'gpu-out-of-memory', technical };
    if (hungWords.test(message)) return { kind: 'gpu-hung', technical };
    // While a model loads, memory is what runs out: no other reason is worth a person's time.
    return { kind: this.#lostDuringLoad ? 'gpu-out-of-memory' : 'gpu-lost', technical };
  }
}

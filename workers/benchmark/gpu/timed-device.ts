/** A GPU, and how long it takes for what it is given. */

/** Between this and twice it, ms, a batch is timed: long enough for any clock, short enough for no driver to lose patience. */
const batchMs = 75;
const mostDispatches = 65_536;

export interface Kernel {
  readonly pipeline: GPUComputePipeline;
  readonly bindings: GPUBindGroup;
  readonly workgroups: number;
}

export class TimedDevice {
  constructor(
    readonly device: GPUDevice,
    readonly adapter: GPUAdapter,
  ) {}

  buffer(bytes: number, usage: number): GPUBuffer {
    return this.device.createBuffer({ size: bytes, usage });
  }

  async kernel(code: string, buffers: readonly GPUBuffer[], workgroups: number): Promise<Kernel> {
    const module = this.device.createShaderModule({ code });
    const pipeline = await this.device.createComputePipelineAsync({
      layout: 'auto',
      compute: { module, entryPoint: 'main' },
    });
    const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
    const bindings = this.device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
    return { pipeline, bindings, workgroups };
  }

  /** Runs a kernel so often, in one submission. @returns ms until all is done */
  async run({ pipeline, bindings, workgroups }: Kernel, times: number, timestamps?: GPUQuerySet): Promise<number> {
    const encoder = this.device.createCommandEncoder();
    const pass = encoder.beginComputePass(
      timestamps && { timestampWrites: { querySet: timestamps, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 } },
    );
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindings);
    for (let time = 0; time < times; time += 1) pass.dispatchWorkgroups(workgroups);
    pass.end();
    const commands = encoder.finish();
    const startedAt = performance.now();
    this.device.queue.submit([commands]);
    await this.device.queue.onSubmittedWorkDone();
    return performance.now() - startedAt;
  }

  /** How often a kernel has to run to fill a batch. */
  async batchOf(kernel: Kernel): Promise<number> {
    let times = 1;
    await this.run(kernel, 1);
    while (times < mostDispatches && (await this.run(kernel, times)) < batchMs) times *= 2;
    return times;
  }

  /** ms of one run: twice the batch less the batch, so that what every submission costs falls away. */
  async slope(kernel: Kernel, times: number): Promise<number> {
    const once = await this.run(kernel, times);
    const twice = await this.run(kernel, 2 * times);
    // On a very coarse clock the difference may be nothing, or less.
    return Math.max((twice - once) / times, twice / times / 4);
  }
}

/** Null where there is no GPU, or only one in software, unless that is wanted. @throws what the driver throws */
export async function openTimedDevice(softwareToo: boolean, mostBytes: number): Promise<TimedDevice | null> {
  const gpu = Reflect.get(navigator, 'gpu') as GPU | undefined;
  const adapter = (await gpu?.requestAdapter({ powerPreference: 'high-performance' })) ?? null;
  if (!adapter || (isSoftware(adapter) && !softwareToo)) return null;
  const features = (['shader-f16', 'timestamp-query'] as const).filter((feature) => adapter.features.has(feature));
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  const device = await adapter.requestDevice({
    requiredFeatures: features,
    requiredLimits: {
      maxBufferSize: Math.min(maxBufferSize, mostBytes),
      maxStorageBufferBindingSize: Math.min(maxStorageBufferBindingSize, mostBytes),
    },
  });
  return new TimedDevice(device, adapter);
}

function isSoftware({ info }: GPUAdapter): boolean {
  return info.isFallbackAdapter || /swiftshader|llvmpipe|software/i.test(`${info.architecture} ${info.description}`);
}

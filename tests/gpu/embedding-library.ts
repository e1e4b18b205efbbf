/** What makes the one library that links with today's package go as far as it can: it is of an embedding model, and a little older. */
import type { MLCEngineConfig } from '@mlc-ai/web-llm';

/** WebLLM has to be told that it is no chat model. */
export function asEmbedding(config: MLCEngineConfig): MLCEngineConfig {
  const list = (config.appConfig?.model_list ?? []).map((record) => ({ ...record, model_type: 1 }));
  return { ...config, appConfig: { ...config.appConfig, model_list: list } };
}

/** From now on, a module that misses functions gets empty ones. */
export function supplyImports(): void {
  const instantiate = WebAssembly.instantiate.bind(WebAssembly) as (...args: unknown[]) => Promise<unknown>;
  Reflect.set(WebAssembly, 'instantiate', async (source: unknown, imports: Record<string, Record<string, unknown>>) => {
    if (source instanceof WebAssembly.Module) return instantiate(source, imports);
    const module = await WebAssembly.compile(source as BufferSource);
    for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
      const given = (imports[from] ??= {});
      if (kind === 'function' && !(name in given)) given[name] = () => 0;
    }
    return { module, instance: await instantiate(module, imports) };
  });
}

interface ComputePipeline {
  readonly compute: { readonly entryPoint: string };
}

/**
 * Sampling needs a sort, an embedding does not; and the software adapter compiles the four kernels of it for longer than all
 * others together: seven minutes were not enough. From now on they are empty.
 */
export function emptySortKernels(): void {
  const { prototype } = Reflect.get(self, 'GPUDevice') as {
    prototype: {
      createShaderModule(descriptor: { code: string }): object;
      createComputePipelineAsync(descriptor: ComputePipeline): Promise<object>;
    };
  };
  const create = prototype.createComputePipelineAsync;
  prototype.createComputePipelineAsync = function (descriptor) {
    const { entryPoint } = descriptor.compute;
    if (!entryPoint.startsWith('argsort')) return create.call(this, descriptor);
    const module = this.createShaderModule({ code: `@compute @workgroup_size(1) fn ${entryPoint}() {}` });
    return create.call(this, { ...descriptor, compute: { ...descriptor.compute, module } } as ComputePipeline);
  };
}

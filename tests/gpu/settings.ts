/** What `npm run test:gpu` was asked to run, from the environment. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface GpuSettings {
  /** Folder with MLC weights and their compiled library, a `.wasm`. */
  readonly folder: string;
  readonly modelType: string;
  /** Folder of the WebLLM to test with; null for the one that is installed. */
  readonly packageFolder: string | null;
  /** `software`: Chromium's own imitation of a GPU, slow. */
  readonly adapter: 'software' | 'hardware';
  /** Of each answer. */
  readonly tokens: number;
}

/** @throws Error that says what is missing */
export function gpuSettings(environment: Readonly<Record<string, string | undefined>> = process.env): GpuSettings {
  const folder = environment['SOTTO_MLC_DIR'];
  if (folder === undefined) throw new Error('SOTTO_MLC_DIR is not set: npm run test:gpu tells how to use it');
  const config = JSON.parse(readFileSync(join(folder, 'mlc-chat-config.json'), 'utf8')) as { model_type?: string };
  return {
    folder,
    modelType: config.model_type ?? '',
    packageFolder: environment['SOTTO_WEBLLM_FOLDER'] ?? null,
    adapter: environment['SOTTO_GPU_ADAPTER'] === 'hardware' ? 'hardware' : 'software',
    tokens: Number(environment['SOTTO_GPU_TOKENS'] ?? 4),
  };
}

/** Flags of Chromium for the adapter. */
export const adapterFlags = ({ adapter }: Pick<GpuSettings, 'adapter'>): readonly string[] => [
  '--enable-unsafe-webgpu',
  ...(adapter === 'software' ? ['--use-webgpu-adapter=swiftshader'] : ['--enable-features=Vulkan']),
];

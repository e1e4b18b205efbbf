/** What `npm run test:gpu` was asked to run, from the environment. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface GpuSettings {
  /** Folder with MLC weights and their compiled library, a `.wasm`; null when only llama.cpp is to be tried. */
  readonly folder: string | null;
  /** Which file of tests: a chat, the benchmark's measurements, the load of an embedding model, how fast each is, or llama.cpp's GPU backend. */
  readonly suite: 'chat' | 'measure' | 'load' | 'llama-webgpu' | 'speed-of-chat' | 'speed-of-load';
  /** Folder of the WebLLM to test with; null for the one that is installed. */
  readonly packageFolder: string | null;
  /** `software`: Chromium's own imitation of a GPU, slow. */
  readonly adapter: 'software' | 'hardware';
  /** Of each answer. */
  readonly tokens: number;
}

export function gpuSettings(environment: Readonly<Record<string, string | undefined>> = process.env): GpuSettings {
  const folder = environment['SOTTO_MLC_DIR'] ?? null;
  return {
    folder,
    suite:
      environment['SOTTO_GPU_MEASURE'] === undefined
        ? suiteFor(folder, environment['SOTTO_GPU_SPEED'] !== undefined)
        : 'measure',
    packageFolder: environment['SOTTO_WEBLLM_FOLDER'] ?? null,
    adapter: environment['SOTTO_GPU_ADAPTER'] === 'hardware' ? 'hardware' : 'software',
    tokens: Number(environment['SOTTO_GPU_TOKENS'] ?? 4),
  };
}

function suiteFor(folder: string | null, speed: boolean): GpuSettings['suite'] {
  if (folder === null) return 'llama-webgpu';
  const what = modelType(folder) === 'bert' ? 'load' : 'chat';
  return speed ? `speed-of-${what}` : what;
}

const modelType = (folder: string): string | undefined =>
  (JSON.parse(readFileSync(join(folder, 'mlc-chat-config.json'), 'utf8')) as { model_type?: string }).model_type;

/** Flags of Chromium for the adapter. */
export const adapterFlags = ({ adapter }: Pick<GpuSettings, 'adapter'>): readonly string[] => [
  '--enable-unsafe-webgpu',
  ...(adapter === 'software' ? ['--use-webgpu-adapter=swiftshader'] : ['--enable-features=Vulkan']),
];

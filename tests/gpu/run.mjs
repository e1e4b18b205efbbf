// `npm run test:gpu`: a real MLC model with the real engine in Chromium. Not part of `npm test`: it needs a folder of weights.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
process.chdir(root);

const folder = process.env['SOTTO_MLC_DIR'];
const llama = process.env['SOTTO_GPU_LLAMA'] !== undefined;
if (!llama && (folder === undefined || !existsSync(join(folder, 'mlc-chat-config.json')))) {
  console.error(`Set SOTTO_MLC_DIR to a folder with MLC weights (mlc-chat-config.json, tensor-cache.json, shards, tokenizer)
and their compiled library (one .wasm file): WebLLM is tried with them. Or set SOTTO_GPU_LLAMA=1: the GPU backend of llama.cpp
is tried with the Guide, on an adapter that has shader-f16.

  SOTTO_WEBLLM_VERSION   the version of @mlc-ai/web-llm that the library was compiled for; the installed one when not set
  SOTTO_GPU_MEASURE      set: the benchmark's measurements are tried, instead of a chat
  SOTTO_GPU_ADAPTER      "hardware", or "software" for Chromium's own imitation of a GPU (the default)
  SOTTO_GPU_TOKENS       tokens of each answer, 4 when not set: the software adapter takes half a minute for one
  CHROMIUM_PATH          another Chromium than the one that is found`);
  process.exit(2);
}

const installed = JSON.parse(readFileSync('node_modules/@mlc-ai/web-llm/package.json', 'utf8')).version;
const wanted = process.env['SOTTO_WEBLLM_VERSION'] ?? installed;

/** Fetched on demand beside the project's own, and not into its package.json. */
function packageFolder(version) {
  const place = join(root, 'node_modules/.cache/sotto-web-llm', version);
  if (!existsSync(join(place, 'package'))) {
    mkdirSync(place, { recursive: true });
    execFileSync('npm', ['pack', `@mlc-ai/web-llm@${version}`, '--pack-destination', place], { stdio: 'inherit' });
    execFileSync('tar', ['xzf', join(place, `mlc-ai-web-llm-${version}.tgz`), '-C', place]);
  }
  return join(place, 'package');
}

const { status } = spawnSync(
  'npx',
  ['vitest', 'run', '--config', 'tests/gpu/vitest.config.ts', ...process.argv.slice(2)],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      VITE_CONFIG_NATIVE_IGNORE_WARNING: 'true',
      ...(wanted !== installed && { SOTTO_WEBLLM_FOLDER: packageFolder(wanted) }),
    },
  },
);
process.exit(status ?? 1);

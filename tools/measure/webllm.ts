/**
 * WebLLM through the app against WebLLM by itself, with the live suite's own measurements. They need MLC weights with a library,
 * which nobody may put into this repository: without a folder, nothing is measured, and that is said.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { median, ratio, rounded, roundedAll, type Row } from './row';

interface Settings {
  readonly adapter: string;
  readonly tokens: number;
  readonly packageFolder: string | null;
}

function measured<T>(name: string): { readonly settings: Settings } & T {
  execFileSync(process.execPath, ['tests/gpu/run.mjs'], {
    stdio: 'inherit',
    env: { ...process.env, SOTTO_GPU_SPEED: '1' },
  });
  return JSON.parse(readFileSync(`test-results/gpu/${name}.json`, 'utf8')) as { readonly settings: Settings } & T;
}

const skipped = (what: string): readonly Row[] => {
  console.log(`  skipped: ${what}`);
  return [];
};

const folderKind = (): string | null => {
  const folder = process.env['SOTTO_MLC_DIR'];
  if (folder === undefined) return null;
  const config = JSON.parse(readFileSync(`${folder}/mlc-chat-config.json`, 'utf8')) as { model_type?: string };
  return config.model_type === 'bert' ? 'embedding' : 'chat';
};

const conditionsOf = ({ adapter, packageFolder }: Settings): string => {
  const version = packageFolder === null ? 'the installed WebLLM' : (process.env['SOTTO_WEBLLM_VERSION'] ?? '');
  const what = adapter === 'software' ? 'Chromium’s software adapter: ratios only, no figure of it is a GPU’s' : 'GPU';
  return `WebLLM ${version}; ${what}`;
};

export function measureWebLlmLoad(): readonly Row[] {
  if (folderKind() !== 'embedding')
    return skipped('SOTTO_MLC_DIR names no folder with a library that the installed WebLLM loads (an embedding model)');
  const { settings, ms } = measured<{ ms: Record<'ours' | 'indexeddb' | 'cache' | 'opfs', number[]> }>('speed-of-load');
  const ratios = (other: readonly number[]): number[] => other.map((value, round) => value / (ms.ours[round] ?? NaN));
  const conditions = `from the call to the last weights on the GPU, weights of an embedding model (63 MB), a fresh worker each time, in turn; ${conditionsOf(settings)}`;
  const details = {
    milliseconds: Object.fromEntries(Object.entries(ms).map(([name, all]) => [name, roundedAll(all)])),
  };
  const slowest = Math.min(...(['indexeddb', 'cache', 'opfs'] as const).map((name) => median(ratios(ms[name]))));
  const toIndexedDb = ratios(ms.indexeddb);
  return [
    {
      quantity: 'weights from the store onto the GPU, against WebLLM’s IndexedDB cache',
      target: '≥ 3 × faster',
      measured: `${median(toIndexedDb).toFixed(2)} ×`,
      met: median(toIndexedDb) >= 3,
      samples: roundedAll(toIndexedDb),
      conditions,
      details,
    },
    {
      quantity: 'weights from the store onto the GPU, against the fastest of WebLLM’s own caches',
      target: 'never slower: ≥ 0.97',
      measured: `${rounded(slowest)} ×`,
      met: slowest >= 0.97,
      samples: [rounded(slowest)],
      conditions,
      details,
    },
  ];
}

export function measureWebLlmDecode(): readonly Row[] {
  if (folderKind() !== 'chat') return skipped('SOTTO_MLC_DIR names no folder with a chat model and its library');
  const { settings, msPerToken } = measured<{ msPerToken: { bare: number[]; app: number[] } }>('speed-of-chat');
  const ratios = msPerToken.bare.map((bare, round) => bare / (msPerToken.app[round] ?? NaN));
  return [
    {
      quantity: 'decode speed of WebLLM through the app, against the bare package',
      target: '≥ 0.98',
      measured: ratio(median(ratios)),
      met: median(ratios) >= 0.98,
      samples: roundedAll(ratios),
      conditions: `${settings.tokens} tokens of a greedy answer, a fresh worker each time, there and back; ${conditionsOf(settings)}`,
      details: { millisecondsPerToken: { bare: roundedAll(msPerToken.bare), app: roundedAll(msPerToken.app) } },
    },
  ];
}

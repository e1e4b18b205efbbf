/** WebLLM's own caches: bundled in the package, but not exported. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const bundle = join(import.meta.dirname, '../../../node_modules/@mlc-ai/web-llm/lib/index.js');

/** What of such a cache a warm load of WebLLM uses. */
export interface WebLlmCache {
  hasAllKeys(urls: readonly string[]): Promise<boolean>;
  addToCache(url: string, type: 'arraybuffer'): Promise<void>;
  fetchWithCache(url: string, type: 'arraybuffer'): Promise<ArrayBuffer>;
}

export type WebLlmCacheType = 'indexeddb' | 'cache' | 'opfs';

declare global {
  /** In the page `/measure/web-llm`: the function by which WebLLM itself gets its caches. */
  var createWebLlmCache: (scope: string, options: { readonly cacheType: WebLlmCacheType }) => WebLlmCache;
}

/** @returns the package's bundle, with one line appended. @throws Error when the bundle is built in another way */
export function exposedWebLlm(): string {
  const source = readFileSync(bundle, 'utf8');
  // Looked for backwards from the call: a pattern that begins with a name takes seconds on megabytes of base64.
  const at = source.indexOf('.createArtifactCache(');
  const library = /[\w$]+$/.exec(source.slice(Math.max(0, at - 50), Math.max(0, at)))?.[0];
  if (library === undefined) throw new Error('WebLLM has no createArtifactCache any more');
  return `${source}\nglobalThis.createWebLlmCache = ${library}.createArtifactCache;\n`;
}

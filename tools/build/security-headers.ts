/** The headers of every response, in dev, preview and production: one source for the server plugin and for `_headers`. */

/**
 * Where weights may come from. `SOTTO_WEIGHT_HOSTS` adds origins, separated by spaces, for mirrors and for people who host
 * the weights themselves: the policy is fixed when the app is built, and cannot be loosened at run time.
 */
export const weightHosts: readonly string[] = [
  'https://huggingface.co',
  'https://*.huggingface.co',
  'https://*.hf.co',
  'https://raw.githubusercontent.com',
  ...(process.env['SOTTO_WEIGHT_HOSTS'] ?? '').split(/\s+/).filter((host) => {
    // A slip such as a path or a missing scheme would silently allow something else.
    if (host !== '' && !/^https?:\/\/(\*\.)?[\w.-]+(:(\d+|\*))?$/.test(host))
      throw new Error(`SOTTO_WEIGHT_HOSTS: not an origin: ${host}`);
    return host !== '';
  }),
];

const pagePolicy = (nonce: string | undefined): string =>
  [
    `default-src 'none'`,
    `script-src 'self' 'wasm-unsafe-eval'`,
    `style-src 'self'${nonce === undefined ? '' : ` 'nonce-${nonce}'`}`,
    `img-src 'self' data: blob:`,
    `font-src 'self'`,
    `connect-src 'self' ${weightHosts.join(' ')}`,
    `worker-src 'self'`,
    `manifest-src 'self'`,
    `media-src 'self' blob:`,
    `child-src 'none'`,
    `frame-src 'none'`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
    `require-trusted-types-for 'script'`,
    `trusted-types sotto svelte-trusted-html`,
  ].join('; ');

/** wllama makes its workers from Blobs, and they inherit this policy. It can reach no host but our own, for the wasm file. */
const engineWorkerPolicy = [
  `default-src 'none'`,
  `script-src 'self' 'wasm-unsafe-eval' blob:`,
  `worker-src 'self' blob:`,
  `connect-src 'self'`,
  `base-uri 'none'`,
].join('; ');

const commonHeaders = {
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy':
    'accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), serial=(), usb=()',
};

/** In a build the engine worker's script lies in a folder of its own, so that a host's path rules can give it its policy. */
export const engineWorkerFolder = 'engine-worker';
const isEngineWorker = (path: string): boolean =>
  path.startsWith(`/${engineWorkerFolder}/`) || path.startsWith('/workers/engine.worker.ts');

/**
 * The headers for a response to `path`.
 * @param nonce only for the dev server, which inserts style elements
 */
export function securityHeaders(path: string, nonce?: string): Record<string, string> {
  return {
    'Content-Security-Policy': isEngineWorker(path) ? engineWorkerPolicy : pagePolicy(nonce),
    ...commonHeaders,
  };
}

/** The `_headers` file that static hosts (Netlify, Cloudflare Pages) read. */
export function headersFile(): string {
  const rule = (path: string, headers: string[]): string => [path, ...headers.map((line) => `  ${line}`)].join('\n');
  const lines = (headers: Record<string, string>): string[] =>
    Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return (
    [
      rule('/*', lines(securityHeaders('/'))),
      // "!" takes back the page's policy: two policies on one response would both apply.
      rule(`/${engineWorkerFolder}/*`, ['! Content-Security-Policy', `Content-Security-Policy: ${engineWorkerPolicy}`]),
    ].join('\n\n') + '\n'
  );
}

/**
 * The headers of every response, in dev, preview and production: one source for the servers, for `_headers`, for the page's
 * meta tag and for the service worker, which adds them where a host sends none.
 */
import { diagramRules } from './diagram-frame.ts';
import { previewScriptHash } from './preview-frame.ts';

/**
 * Where weights may come from. `SOTTO_WEIGHT_HOSTS` adds origins, separated by spaces, for mirrors and for people who host
 * the weights themselves: the policy is fixed when the app is built, and cannot be loosened at run time.
 */
export const weightHosts: readonly string[] = [
  'https://huggingface.co',
  'https://*.huggingface.co',
  'https://*.hf.co',
  'https://raw.githubusercontent.com',
  ...originsIn('SOTTO_WEIGHT_HOSTS'),
];

/**
 * Servers of one's own that may be asked for answers: on this computer always, elsewhere only where `SOTTO_SERVER_HOSTS` names
 * origins. A policy cannot name `http://[::1]`; a server that listens there also listens on `localhost`.
 */
export const serverHosts: readonly string[] = [
  'http://localhost:*',
  'http://127.0.0.1:*',
  ...originsIn('SOTTO_SERVER_HOSTS'),
];

/** The origins that a variable of the build names, separated by spaces. @throws Error for anything else */
function originsIn(variable: string): readonly string[] {
  return (process.env[variable] ?? '').split(/\s+/).filter((host) => {
    // A slip such as a path or a missing scheme would silently allow something else.
    if (host !== '' && !/^https?:\/\/(\*\.)?[\w.-]+(:(\d+|\*))?$/.test(host))
      throw new Error(`${variable}: not an origin: ${host}`);
    return host !== '';
  });
}

/** The page reaches no host but its own: weights are fetched in a worker, whose script is sent with its own policy. */
const pageRules = (nonce: string | undefined): readonly string[] => [
  `default-src 'none'`,
  `script-src 'self' 'wasm-unsafe-eval'`,
  `style-src 'self'${nonce === undefined ? '' : ` 'nonce-${nonce}'`}`,
  `img-src 'self' data: blob:`,
  `font-src 'self'`,
  `connect-src 'self'`,
  `worker-src 'self'`,
  `manifest-src 'self'`,
  `media-src 'self' blob:`,
  `child-src 'none'`,
  // The frame for previews, which is a file of ours with a policy of its own.
  `frame-src 'self'`,
  `object-src 'none'`,
  `base-uri 'none'`,
  `form-action 'none'`,
  `require-trusted-types-for 'script'`,
  `trusted-types sotto svelte-trusted-html`,
];

/** A meta tag cannot forbid to be framed; that is left to the header. */
export const metaPolicy = (nonce?: string): string => pageRules(nonce).join('; ');

/** For workers: no styles, no images, nothing but scripts of our own and what is named. */
const workerPolicy = (...rules: readonly string[]): string =>
  [`default-src 'none'`, `base-uri 'none'`, ...rules].join('; ');

/** Shows a model's HTML and SVG: no network at all, no script but its own, and styles that can load nothing. */
export const previewRules: readonly string[] = [
  `default-src 'none'`,
  `script-src ${previewScriptHash}`,
  `style-src 'unsafe-inline'`,
  `img-src data:`,
  `font-src data:`,
  `base-uri 'none'`,
  `form-action 'none'`,
  `require-trusted-types-for 'script'`,
  `trusted-types preview`,
];

const framed = [`frame-ancestors 'self'`, `sandbox allow-scripts`] as const;

const trustedTypes = [`require-trusted-types-for 'script'`, `trusted-types sotto`] as const;

/** By the name of a policy. A file gets its policy by the folder it lies in, so that a host's path rules can give it. */
const policies = {
  page: (nonce?: string): string => [...pageRules(nonce), `frame-ancestors 'none'`].join('; '),
  /** wllama makes its workers from Blobs, and they inherit this policy. It can reach no host but our own, for the wasm file. */
  'engine-worker': (): string =>
    workerPolicy(`script-src 'self' 'wasm-unsafe-eval' blob:`, `worker-src 'self' blob:`, `connect-src 'self'`),
  /** The only thread that may reach other hosts, and only those. */
  'weights-worker': (): string =>
    workerPolicy(
      `script-src 'self' 'wasm-unsafe-eval'`,
      `worker-src 'self'`,
      `connect-src 'self' ${weightHosts.join(' ')}`,
      ...trustedTypes,
    ),
  /** Asks servers of the person's own, and fetches nothing else. */
  'server-worker': (): string =>
    workerPolicy(`script-src 'self'`, `connect-src 'self' ${serverHosts.join(' ')}`, ...trustedTypes),
  /** Finds out whether anything answers at the address of such a server. */
  'reach-worker': (): string =>
    workerPolicy(`script-src 'self'`, `connect-src ${serverHosts.join(' ')}`, ...trustedTypes),
  /** Workers that read what they are sent and answer: they reach nobody. */
  'quiet-worker': (): string => workerPolicy(`script-src 'self' 'wasm-unsafe-eval'`, ...trustedTypes),
  preview: (): string => [...previewRules, ...framed].join('; '),
  diagram: (): string => [...diagramRules, ...framed].join('; '),
  'service-worker': (): string => workerPolicy(`script-src 'self'`, `connect-src 'self'`, ...trustedTypes),
} as const;

export type PolicyName = keyof typeof policies;

const commonHeaders = {
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  // Microphone and camera for the page itself, and for no frame in it: they are asked for when a person presses the button.
  'Permissions-Policy':
    'accelerometer=(), camera=(self), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(self), midi=(), payment=(), serial=(), usb=()',
};

/** Where the script of a worker goes in a build; its policy has the same name. */
const workerFolders: Readonly<Record<string, PolicyName>> = {
  'engine.worker': 'engine-worker',
  'weights.worker': 'weights-worker',
  'hash.worker': 'quiet-worker',
  'markdown.worker': 'quiet-worker',
  'search.worker': 'quiet-worker',
  'chat-files.worker': 'quiet-worker',
  'pdf.worker': 'quiet-worker',
  'pictures.worker': 'quiet-worker',
  'documents.worker': 'quiet-worker',
  'text-encoding.worker': 'quiet-worker',
  'read-kernel.worker': 'quiet-worker',
  'gpu-limit.worker': 'quiet-worker',
  'passphrase.worker': 'quiet-worker',
  'cpu-thread.worker': 'quiet-worker',
  'checks.worker': 'quiet-worker',
  'server.worker': 'server-worker',
  'reach.worker': 'reach-worker',
  'set-files.worker': 'quiet-worker',
  'recorder.worklet': 'quiet-worker',
};

/** The folder for the script of a worker. @throws Error for a worker that has no policy yet */
export function workerFolder(chunkName: string): PolicyName {
  const folder = workerFolders[chunkName];
  if (!folder) throw new Error(`The worker ${chunkName} needs a policy: see tools/build/security-headers.ts`);
  return folder;
}

/** Which policy a file has, in a build and in dev. @param path from the root of the app, with or without "/" before it */
export function policyNameOf(path: string): PolicyName {
  const clean = path.replace(/^\//, '');
  const source = /^workers\/(.+)\.ts$/.exec(clean)?.[1];
  if (source !== undefined) return workerFolders[source] ?? 'page';
  if (clean === 'service-worker.js') return 'service-worker';
  const folder = clean.split('/', 1)[0] ?? '';
  return clean.includes('/') && folder in policies ? (folder as PolicyName) : 'page';
}

/** Frames without an origin are of no site: in an isolated page, Firefox loads them only where any site may have them. */
const framePolicies: ReadonlySet<PolicyName> = new Set(['preview', 'diagram']);

/**
 * An isolated page may start a worker of this kind, too. It alone can tell a server that does not let a page read its answers from
 * one that is not there. Safari knows no such workers: the first attempt fails there, and both are named.
 */
const withoutCredentials: ReadonlySet<PolicyName> = new Set(['reach-worker']);

/** All headers for files with this policy. @param nonce only for the dev server, which inserts style elements */
export const headersOf = (name: PolicyName, nonce?: string): Readonly<Record<string, string>> => ({
  'Content-Security-Policy': policies[name](nonce),
  ...commonHeaders,
  ...(withoutCredentials.has(name) && { 'Cross-Origin-Embedder-Policy': 'credentialless' }),
  'Cross-Origin-Resource-Policy': framePolicies.has(name) ? 'cross-origin' : 'same-origin',
});

export const policyNames = Object.keys(policies) as readonly PolicyName[];

/** The headers for a response to `path`. @param nonce only for the dev server */
export const securityHeaders = (path: string, nonce?: string): Readonly<Record<string, string>> =>
  headersOf(policyNameOf(path), nonce);

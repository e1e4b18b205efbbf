import { headersOf, policyNameOf, type PolicyName } from './security-headers.ts';

/** Names with a hash of their content in them never change. */
const unchanging = /^(assets|[a-z]+-worker)\//;

/** Headers that differ between files: in one rule each, since hosts send those of all rules that match. */
const byPolicy: readonly string[] = ['Content-Security-Policy', 'Cross-Origin-Resource-Policy'];

/**
 * The `_headers` file that static hosts (Netlify, Cloudflare Pages) read. No two rules with a policy match one path: hosts
 * would send both policies, both would apply, and the engine could not start its threads.
 * @param paths all files of the build, from its root
 */
export function headersFile(paths: readonly string[]): string {
  const common = Object.fromEntries(Object.entries(headersOf('page')).filter(([name]) => !byPolicy.includes(name)));
  const patterns = new Map<string, PolicyName>([['/', 'page']]);
  for (const path of paths) {
    const [top = '', ...rest] = path.split('/');
    patterns.set(rest.length > 0 ? `/${top}/*` : `/${path}`, policyNameOf(path));
  }
  const rule = (path: string, headers: Readonly<Record<string, string>>): string =>
    [path, ...Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`)].join('\n');
  const rules = [...patterns].sort().map(([pattern, policy]) =>
    rule(pattern, {
      ...Object.fromEntries(byPolicy.map((name) => [name, headersOf(policy)[name] ?? ''])),
      'Cache-Control': unchanging.test(pattern.slice(1)) ? 'public, max-age=31536000, immutable' : 'no-cache',
    }),
  );
  return [rule('/*', common), ...rules].join('\n\n') + '\n';
}

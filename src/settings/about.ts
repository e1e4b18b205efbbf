/** What this is, and where it comes from. */
import manifest from '../../package.json' with { type: 'json' };

/** In npm's forms: an address, `git+https://….git`, or `github:owner/name`. Null for none and for what is no web address. */
export function webAddress(repository: unknown): string | null {
  const named: unknown =
    typeof repository === 'object' && repository !== null && 'url' in repository ? repository.url : repository;
  if (typeof named !== 'string') return null;
  const short = /^(?:github:)?([\w-]+\/[\w.-]+)$/.exec(named)?.[1];
  const address =
    short === undefined ? named.replace(/^git\+/, '').replace(/\.git$/, '') : `https://github.com/${short}`;
  return /^https:\/\/[^/\s]+\/\S+$/.test(address) ? address : null;
}

/**
 * Where the sources are, from `"repository"` in package.json: the one place to put the address, also for a copy of Sotto that is
 * hosted elsewhere. Null where it names none; then no link is shown.
 */
export const repository = webAddress((manifest as { readonly repository?: unknown }).repository);

export const { license } = manifest;

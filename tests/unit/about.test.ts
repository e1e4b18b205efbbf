import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { license, repository, webAddress } from '../../src/settings/about';

describe('the address of the sources', () => {
  it.each([
    ['https://example.org/owner/name', 'https://example.org/owner/name'],
    ['git+https://example.org/owner/name.git', 'https://example.org/owner/name'],
    [{ type: 'git', url: 'git+https://example.org/owner/name.git' }, 'https://example.org/owner/name'],
    ['owner/name', 'https://github.com/owner/name'],
    ['github:owner/name', 'https://github.com/owner/name'],
    [undefined, null],
    ['', null],
    ['javascript:alert(1)', null],
    ['git@example.org:owner/name.git', null],
    [{ type: 'git' }, null],
  ])('is read from npm’s forms: %j gives %j', (named, address) => {
    expect(webAddress(named)).toBe(address);
  });

  it('is that of the manifest, and none is made up where it names none', () => {
    expect(repository).toBe(webAddress((manifest as { repository?: unknown }).repository));
    expect(license).toBe(manifest.license);
  });
});

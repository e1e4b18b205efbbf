/** The privacy statement against the code: what it does not name must not be kept, and no other host be known. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keptCaches, keptDatabases, keptForTheTab, keptSettings } from '../../src/privacy/kept-data';
import { weightHosts } from '../../src/shared/platform/weight-hosts';
import { securityHeaders } from '../../tools/build/security-headers';

const root = join(__dirname, '../..');
const sources = ['src', 'workers']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  )
  .filter((path) => /\.(ts|svelte)$/.test(path) && !path.includes('paraglide') && !path.endsWith('kept-data.ts'))
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

const named = new Set([...keptDatabases, ...keptCaches, ...keptSettings, ...keptForTheTab].map(({ name }) => name));

/** Names that are heard and forgotten: channels between tabs, locks, files and frames that are never kept. */
const notKept = new Set([
  'sotto-weights-workers',
  'sotto-weights-transfer',
  'sotto-weights:${modelId}',
  'sotto-conversations',
  'sotto-conversation:${id}',
  'sotto-requests',
  'sotto-self-test',
  'sotto-self-test.invalid',
  'sotto-deletion',
  'sotto-busy',
  'sotto-lock',
  'sotto-lock-rewrite',
  'sotto-engine',
  'sotto-lab-run',
  'sotto-collections',
  'sotto-documents',
  // Formats and file names of exports.
  'sotto-chats',
  'sotto-personas',
  'sotto-manifest.json',
  'sotto-bench',
  'sotto-lab-set',
  'sotto-lab-results',
  'sotto-lab',
  'sotto-collection',
  'sotto-collection.json',
  // Names the version in index.html.
  'sotto-build',
]);

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');

describe('the privacy statement', () => {
  it('names every place where something is kept', () => {
    const literals = sources.flatMap(({ path, text }) =>
      [...withoutComments(text).matchAll(/['"`](sotto[.:-][^'"`\s<>)]*)['"`]/g)].map(([, name = '']) => ({
        path,
        name,
      })),
    );
    expect(literals.length).toBeGreaterThan(10);
    const isCache = (name: string): boolean => name.startsWith('sotto:');
    const unknown = literals.filter(({ name }) => !named.has(name) && !notKept.has(name) && !isCache(name));
    expect(unknown).toEqual([]);
  });

  it('names nothing that is not there', () => {
    const all = sources.map(({ text }) => text).join('\n');
    for (const name of named) expect(all, name).toContain(name.replace('…', ''));
  });

  it('is asked whenever a new kind of storage is used', () => {
    const kinds: Record<string, RegExp> = {
      cookies: /document\.cookie|cookieStore/,
      'the file system of the origin': /getDirectory\(/,
      databases: /\bopenDB[<(]|indexedDB\.open\(|\brefused: '/,
      caches: /caches\.open\(/,
    };
    const users = Object.fromEntries(
      Object.entries(kinds).map(([kind, pattern]) => [
        kind,
        sources
          .filter(({ text }) => pattern.test(text))
          .map(({ path }) => path.replaceAll('\\', '/'))
          .sort(),
      ]),
    );
    expect(users).toEqual({
      cookies: [],
      // Only looked for, to delete what may be there.
      'the file system of the origin': ['src/privacy/delete-everything.ts'],
      databases: [
        'src/benchmark/history/database.ts',
        'src/shared/platform/open-database.ts',
        'src/shared/platform/prompt-cache-database.ts',
        'src/shared/platform/request-log.ts',
        'src/storage/chats-database.ts',
        'workers/search/chats-reader.ts',
        'workers/weights/store/weights-database.ts',
      ],
      caches: [
        'src/app/incoming/share-inbox.ts',
        'workers/service-worker/release-cache.ts',
        'workers/service-worker/releases.ts',
        'workers/service-worker/share-inbox.ts',
      ],
    });
  });

  it('names the hosts of the policy, and no others are known to the code that fetches', () => {
    const policy = securityHeaders('/weights-worker/a.js')['Content-Security-Policy'] ?? '';
    const allowed = /connect-src 'self' ([^;]*)/.exec(policy)?.[1]?.split(' ');
    expect(weightHosts).toEqual(allowed);
    const hosts = sources
      .filter(({ path }) => path.startsWith('workers'))
      .flatMap(({ text }) => [...withoutComments(text).matchAll(/https?:\/\/([\w.-]+)/g)].map(([, host = '']) => host));
    // The namespaces of XML only look like addresses.
    const namespaces = ['www.w3.org'];
    // Names under `.invalid` (RFC 2606) lead nowhere: they stand for files of the store.
    const others = hosts.filter(
      (host) => !host.endsWith('.invalid') && !namespaces.includes(host) && !weightHosts.includes(`https://${host}`),
    );
    expect(others).toEqual([]);
  });
});

/** Documents go stale in silence: what they link to, and the commands and pictures that they name, has to be there. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

const documents = execFileSync(
  'git',
  ['-c', 'core.quotepath=off', 'ls-files', '--cached', '--others', '--exclude-standard', '*.md'],
  {
    encoding: 'utf8',
  },
)
  .trim()
  .split('\n');
const linksOf = (text: string): string[] =>
  [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link).filter((link) => !/^\w+:/.test(link));

describe.each(documents)('%s', (path) => {
  const text = readFileSync(path, 'utf8');

  it('links to files that exist', () => {
    expect(linksOf(text).filter((link) => !existsSync(join(dirname(path), link)))).toEqual([]);
  });

  it('names commands that exist', () => {
    const named = [...text.matchAll(/`npm run ([\w:-]+)/g)].map(([, script = '']) => script);
    expect(named.filter((script) => !(script in manifest.scripts))).toEqual([]);
  });
});

it('the recipes for contributors name files that exist', () => {
  const text = readFileSync('CONTRIBUTING.md', 'utf8');
  const named = [...text.matchAll(/\b((?:src|workers|tests|tools)\/[\w./-]+)/g)].map(([, path = '']) => path);
  expect(named.length).toBeGreaterThan(20);
  expect(named.map((path) => path.replace(/[.,]$/, '')).filter((path) => !existsSync(path))).toEqual([]);
});

it('the README shows pictures that load quickly', () => {
  const pictures = linksOf(readFileSync('README.md', 'utf8')).filter((link) => /\.(png|webp)$/.test(link));
  expect(pictures.length).toBeGreaterThanOrEqual(2);
  for (const picture of pictures) expect(statSync(picture).size, picture).toBeLessThan(200_000);
});

it('each decision is in the list of them', () => {
  const listed = linksOf(readFileSync('docs/decisions/README.md', 'utf8')).map((link) => `docs/decisions/${link}`);
  const written = documents.filter((path) => /^docs\/decisions\/(?!README)/.test(path));
  expect(listed.sort()).toEqual(written.sort());
});

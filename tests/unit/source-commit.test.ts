import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sourceCommit } from '../../tools/build/source-commit';

const folder = mkdtempSync(join(tmpdir(), 'commit-'));
afterAll(() => rmSync(folder, { recursive: true }));
const git = (...words: string[]): string =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...words], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();

describe('the commit of a build', () => {
  it('is empty outside of a repository, where nobody names it', () => {
    expect(sourceCommit(folder, '')).toBe('');
    expect(sourceCommit(folder, 'abcdef0')).toBe('abcdef0');
    expect(() => sourceCommit(folder, '"; alert(1)')).toThrow('no commit');
  });

  it('is that of its own repository, and says when the sources have been changed since', () => {
    git('init');
    writeFileSync(join(folder, 'a.txt'), 'one');
    git('add', '.');
    git('commit', '-m', 'first');
    const head = git('rev-parse', 'HEAD');
    expect([sourceCommit(folder, ''), sourceCommit(folder, '')]).toEqual([head, head]);
    writeFileSync(join(folder, 'untracked.txt'), 'notes');
    expect(sourceCommit(folder, '')).toBe(head);
    writeFileSync(join(folder, 'a.txt'), 'two');
    expect(sourceCommit(folder, '')).toBe(`${head}-changed`);
  });

  it('is not that of another project in which the copy lies', () => {
    mkdirSync(join(folder, 'copy'));
    expect(sourceCommit(join(folder, 'copy'), '')).toBe('');
  });
});

import { execFileSync } from 'node:child_process';
import { realpathSync } from 'node:fs';

/**
 * The commit that a build is made of, for the figures that it exports; empty where nobody knows it. The same sources give the same
 * answer, so that two builds of one commit stay the same to the byte.
 * @param folder of the sources
 * @param named what whoever builds says it is: a downloaded archive has no history
 */
export function sourceCommit(folder: string, named = process.env['SOTTO_COMMIT'] ?? ''): string {
  if (named !== '') {
    if (!/^[0-9a-f]{7,40}$/.test(named)) throw new Error(`SOTTO_COMMIT is no commit: ${named}`);
    return named;
  }
  try {
    const git = (...words: string[]): string =>
      execFileSync('git', words, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    // A copy that lies inside of another project would get the commit of that.
    if (realpathSync(git('rev-parse', '--show-toplevel')) !== realpathSync(folder)) return '';
    const isChanged = git('status', '--porcelain', '--untracked-files=no') !== '';
    return `${git('rev-parse', 'HEAD')}${isChanged ? '-changed' : ''}`;
  } catch {
    // No git, or no repository.
    return '';
  }
}

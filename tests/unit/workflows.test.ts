/** What no run on this machine can try: the workflows of the forge. So at least what they name has to be there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

const folder = '.github/workflows';
const workflows = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const);
const all = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, found = '']) => found);

describe.each(workflows)('the workflow %s', (_name, text) => {
  it('may only read the repository, unless one of its jobs says what else it needs', () => {
    expect(text).toMatch(/^permissions:\n {2}contents: read\n(?! )/m);
  });

  it('names each action by its full version, or lies in this repository', () => {
    const actions = all(text, /\buses: (\S+)/g);
    expect(actions.length).toBeGreaterThan(0);
    for (const action of actions) {
      if (action.startsWith('./')) expect(existsSync(action), action).toBe(true);
      else expect(action).toMatch(/^actions\/[\w-]+@v\d+\.\d+\.\d+$/);
    }
  });

  it('leaves no key of the repository where the scripts of packages could read it', () => {
    const checkouts = all(text, /uses: (actions\/checkout)@/g).length;
    expect(all(text, /(persist-credentials: false)/g)).toHaveLength(checkouts);
  });

  it('calls scripts that exist', () => {
    for (const script of all(text, /\bnpm run ([\w:-]+)/g)) expect(Object.keys(manifest.scripts)).toContain(script);
  });
});

it('the tests of the forge are those of the README, in every workflow that publishes', () => {
  const texts = Object.fromEntries(workflows);
  expect(texts['ci.yml']).toMatch(/^ +npm test$/m);
  for (const name of ['pages.yml', 'release.yml']) {
    expect(texts[name]).toMatch(/\n {2}test:\n {4}uses: \.\/\.github\/workflows\/ci\.yml\n/);
    expect(texts[name]).toContain('\n    needs: test\n');
    expect(texts[name]).toContain('run: npm run build');
  }
});

it('the changelog has a part for the version that the manifest names', () => {
  const changelog = readFileSync('CHANGELOG.md', 'utf8');
  const [, part = ''] = changelog.split(`\n## [${manifest.version}]`);
  expect(part.split('\n## [')[0]).toMatch(/\n- /);
});

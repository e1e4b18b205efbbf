/** The README's two commands in a clone that has nothing installed, on a machine that reaches no registry. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const clone = mkdtempSync(join(tmpdir(), 'sotto-clone-'));
for (const path of ['package.json', 'package-lock.json', '.npmrc', 'tools'])
  cpSync(path, join(clone, path), { recursive: true });
afterAll(() => rmSync(clone, { recursive: true, force: true }));

const unreachable = {
  npm_config_registry: 'http://127.0.0.1:9/',
  npm_config_cache: join(clone, 'empty-cache'),
  npm_config_fetch_retries: '0',
};

describe('without a network, and with nothing installed', () => {
  for (const command of ['start', 'test']) {
    it(`npm ${command} names what is missing, and ends`, () => {
      const { status, stderr } = spawnSync('npm', [command], {
        cwd: clone,
        encoding: 'utf8',
        env: { ...process.env, ...unreachable },
      });
      expect(status).not.toBe(0);
      expect(stderr).toContain('The packages that Sotto is built with are missing');
      expect(stderr).not.toContain('ERR_MODULE_NOT_FOUND');
    }, 60_000);
  }
});

import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  hasParts,
  partsOfWholeRelease,
  type ReleasePart,
  releaseParts,
  type ReleaseStatus,
} from '../../src/shared/protocol/app-release';
import { headersFile } from '../../tools/build/headers-file';
import { describeRelease } from '../../tools/build/release';
import { metaPolicy, policyNameOf, securityHeaders, workerFolder } from '../../tools/build/security-headers';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'sotto-release-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const write = (path: string, content: string | Buffer = path): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
};

describe('the list of a build', () => {
  it('knows which part a file belongs to', () => {
    write('index.html');
    write('assets/index-abc.js');
    write('assets/llama-cpp-engine-abc.js');
    write('assets/webllm-engine-abc.js');
    write('assets/webllm-builds-abc.js');
    write('assets/wllama-abc.wasm');
    write('assets/compat-wllama-abc.wasm');
    write('assets/compat-files-abc.js');
    write('assets/web-llm-abc.js');
    write('assets/lib-abc.js', Buffer.alloc(6_000_000));
    write('assets/pdf-text-abc.js', Buffer.alloc(1_600_000));
    write('assets/KaTeX_Main-abc.woff2');
    write('quiet-worker/checks.worker-abc.js');
    write('assets/checks-main-abc.js');
    write('assets/run-code-abc.js');
    write('assets/emscripten-module-abc.wasm');
    write('models/guide.gguf');
    write('model-libraries.json');
    write('licenses.txt');
    const parts = describeRelease(folder, '1').files.map(({ path, part }) => [path, part]);
    expect(Object.fromEntries(parts)).toEqual({
      'index.html': 'app',
      'assets/index-abc.js': 'app',
      'assets/llama-cpp-engine-abc.js': 'app',
      'assets/wllama-abc.wasm': 'llama-cpp',
      'assets/compat-wllama-abc.wasm': 'llama-cpp-compat',
      'assets/compat-files-abc.js': 'llama-cpp-compat',
      'assets/web-llm-abc.js': 'webllm',
      'assets/webllm-engine-abc.js': 'webllm',
      'assets/webllm-builds-abc.js': 'app',
      'assets/lib-abc.js': 'webllm',
      'assets/pdf-text-abc.js': 'extras',
      'assets/KaTeX_Main-abc.woff2': 'extras',
      'quiet-worker/checks.worker-abc.js': 'extras',
      'assets/checks-main-abc.js': 'extras',
      'assets/run-code-abc.js': 'extras',
      'assets/emscripten-module-abc.wasm': 'extras',
      'models/guide.gguf': 'guide',
      'model-libraries.json': 'app',
      'licenses.txt': 'extras',
    });
  });

  it('leaves out what must come from the host, or is not needed to run', () => {
    for (const path of ['_headers', 'service-worker.js', 'reset.html', 'reset.js', 'robots.txt', 'assets/a.js.map'])
      write(path);
    for (const path of ['diagram/frame.html', 'diagram/mermaid.js']) write(path);
    for (const path of ['icons/splash/1x1.png', 'icons/screenshots/a.png', 'icons/sotto.svg']) write(path);
    expect(describeRelease(folder, '1').files.map(({ path }) => path)).toEqual(['icons/sotto.svg']);
  });

  it('is another build when a byte differs, and the same otherwise', () => {
    write('index.html');
    const { build } = describeRelease(folder, '1');
    expect(describeRelease(folder, '1').build).toBe(build);
    expect(describeRelease(folder, '2').build).not.toBe(build);
    write('index.html', 'index.htmL');
    expect(describeRelease(folder, '1').build).not.toBe(build);
  });

  it('refuses a file whose type nobody has thought about', () => {
    write('surprise.exe');
    expect(() => describeRelease(folder, '1')).toThrow('surprise.exe');
  });
});

describe('what a version needs to work without a network', () => {
  const status = (missing: ReleasePart): ReleaseStatus => ({
    build: 'a',
    version: '1',
    parts: releaseParts.map((part) => ({ part, bytes: 5, storedBytes: part === missing ? 0 : 5 })),
  });

  it('is no engine but our own', () => {
    expect(partsOfWholeRelease).toEqual(['app', 'guide', 'extras']);
  });

  it('is missed where it is not wholly there, and nothing else is', () => {
    for (const part of ['app', 'guide', 'extras'] as const)
      expect(hasParts(status(part), partsOfWholeRelease)).toBe(false);
    for (const part of ['llama-cpp', 'llama-cpp-compat', 'webllm'] as const)
      expect(hasParts(status(part), partsOfWholeRelease)).toBe(true);
  });
});

describe('the policies', () => {
  it('are the same in the meta tag and in the header, but for what a meta tag cannot say', () => {
    const header = securityHeaders('/')['Content-Security-Policy'];
    expect(header).toBe(`${metaPolicy()}; frame-ancestors 'none'`);
  });

  it('let only the worker for weights reach other hosts', () => {
    for (const path of [
      '/',
      '/index.html',
      '/assets/a.js',
      '/engine-worker/a.js',
      '/quiet-worker/a.js',
      '/service-worker.js',
    ])
      expect(securityHeaders(path)['Content-Security-Policy'], path).not.toContain('https:');
    expect(securityHeaders('/weights-worker/a.js')['Content-Security-Policy']).toContain('https://huggingface.co');
  });

  it('are the same in dev as in a build', () => {
    for (const file of readdirSync('workers').filter((name) => name.endsWith('.worker.ts'))) {
      const worker = file.slice(0, -3);
      expect(policyNameOf(`/workers/${worker}.ts`)).toBe(policyNameOf(`/${workerFolder(worker)}/${worker}-abc.js`));
    }
    expect(() => workerFolder('new.worker')).toThrow('new.worker');
  });
});

describe('the _headers file', () => {
  const text = headersFile([
    'index.html',
    'service-worker.js',
    'assets/a.js',
    'engine-worker/e.js',
    'models/guide.gguf',
  ]);
  const rules = text.split('\n\n').map((rule) => ({ pattern: rule.split('\n')[0] ?? '', rule }));
  const matches = (pattern: string, path: string): boolean =>
    pattern.endsWith('/*') ? path.startsWith(pattern.slice(0, -1)) : pattern === path;

  it.each(['/', '/index.html', '/service-worker.js', '/assets/a.js', '/engine-worker/e.js', '/models/guide.gguf'])(
    'gives %s exactly one policy',
    (path) => {
      const policies = rules.filter(({ pattern, rule }) => matches(pattern, path) && rule.includes('Content-Security'));
      expect(policies).toHaveLength(1);
      expect(policies[0]?.rule).toContain(securityHeaders(path)['Content-Security-Policy'] ?? 'none');
      expect(rules.find(({ pattern }) => pattern === '/*')?.rule).toContain('Cross-Origin-Opener-Policy: same-origin');
    },
  );
});

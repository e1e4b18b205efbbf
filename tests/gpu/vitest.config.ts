/** The live suite: slow, opt-in, and with whatever version of WebLLM the library needs. */
import { resolve } from 'node:path';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { chromiumFlags, findChromium } from '../../tools/browser/find-browsers.ts';
import { securityHeaders, weightHosts } from '../../tools/build/security-headers.ts';
import { stopFolderServer, writeFigures } from './node-commands.ts';
import { adapterFlags, gpuSettings } from './settings.ts';

const settings = gpuSettings();
const isolation = Object.fromEntries(
  Object.entries(securityHeaders('/')).filter(([name]) => name.startsWith('Cross-Origin-')),
);

export default defineConfig({
  root: resolve(import.meta.dirname, '../..'),
  worker: { format: 'es' },
  define: {
    __WEIGHT_HOSTS__: JSON.stringify([...weightHosts, 'http://localhost:*']),
    __GPU_SETTINGS__: JSON.stringify(settings),
  },
  server: { headers: isolation, fs: { allow: ['/'] } },
  resolve: {
    alias: settings.packageFolder === null ? {} : { '@mlc-ai/web-llm': settings.packageFolder },
  },
  // Six megabytes of a package that needs no bundling.
  optimizeDeps: { exclude: ['@wllama/wllama', '@mlc-ai/web-llm'] },
  test: {
    include: [`tests/gpu/${settings.suite}.test.ts`],
    globalSetup: settings.folder === null ? [] : ['tests/gpu/folder-server.ts'],
    testTimeout: 45 * 60_000,
    hookTimeout: 10 * 60_000,
    fileParallelism: false,
    bail: 1,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      commands: { stopFolderServer, writeFigures },
      provider: playwright({
        launchOptions: { executablePath: findChromium(), args: [...chromiumFlags, ...adapterFlags(settings)] },
      }),
      instances: [{ browser: 'chromium' }],
    },
  },
});

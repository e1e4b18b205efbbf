/** The suite with a real native engine: opt-in, since it fetches one. */
import { resolve } from 'node:path';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { chromiumFlags, findChromium } from '../../tools/browser/find-browsers.ts';
import { characterMaps } from '../../tools/build/character-maps.ts';
import { securityHeaders, serverHosts, weightHosts } from '../../tools/build/security-headers.ts';

const isolation = Object.fromEntries(
  Object.entries(securityHeaders('/')).filter(([name]) => name.startsWith('Cross-Origin-')),
);

export default defineConfig({
  root: resolve(import.meta.dirname, '../..'),
  plugins: [characterMaps()],
  worker: { format: 'es' },
  define: {
    __WEIGHT_HOSTS__: JSON.stringify(weightHosts),
    __SERVER_HOSTS__: JSON.stringify(serverHosts),
    __NATIVE_SERVER__: JSON.stringify(process.env['SOTTO_NATIVE_SERVER'] ?? ''),
    __BUILD_NOTE__: '""',
    __COMMIT__: '""',
  },
  server: { headers: isolation },
  // All of them at the start: what is found later reloads the page, and the test in it is lost.
  optimizeDeps: { entries: ['tests/servers/*.test.ts', 'workers/**/*.ts'], exclude: ['@wllama/wllama'] },
  cacheDir: 'node_modules/.cache/sotto-native/vite',
  test: {
    include: ['tests/servers/*.test.ts'],
    testTimeout: 60_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: { executablePath: findChromium(), args: chromiumFlags } }),
      instances: [{ browser: 'chromium' }],
    },
  },
});

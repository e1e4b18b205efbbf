import { defineConfig } from 'vitest/config';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { playwright } from '@vitest/browser-playwright';
import { chromiumFlags, installedChromium } from './tools/browser/find-browsers.ts';
import { characterMaps } from './tools/build/character-maps.ts';
import { securityHeaders, serverHosts, weightHosts } from './tools/build/security-headers.ts';

const svelteRunes = (): ReturnType<typeof svelte> => svelte({ configFile: false, compilerOptions: { runes: true } });
const chromium = installedChromium();
const isolation = Object.fromEntries(
  Object.entries(securityHeaders('/')).filter(([name]) => name.startsWith('Cross-Origin-')),
);

const browserTests = (...names: readonly string[]): string[] => names.map((name) => `tests/browser/${name}.test.ts`);
/** They measure, or promise a time: nothing runs beside them. */
const timed = browserTests(
  'benchmark-*',
  'chat-session',
  'cpu-embedding',
  'cpu-threads',
  'engine-client',
  'server-engine',
  'llama-cpp-stopping',
  'long-texts',
  'webllm-answer',
  'weights-waits',
);
/** About half of the others by time: each half has a browser and a hub of its own, and goes through its files one by one. */
const ofModels = browserTests(
  'hub',
  'llama-cpp',
  'llama-cpp-builds',
  'llama-cpp-limits',
  'llama-cpp-senses',
  'webllm-*',
  'weights-*',
);

/** Instances take what projects take; their type leaves it out. */
const afterwards = { sequence: { groupOrder: 2 } };

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [svelteRunes()],
        test: {
          name: 'unit',
          include: ['tests/unit/**/*.test.ts'],
          // Not plain node: there, `.svelte.ts` files are compiled for the server, where `$effect` never runs.
          environment: 'happy-dom',
          // The first test of a file that loads a part also compiles it: seconds, on a busy machine.
          testTimeout: 20_000,
          // Vitest leaves one core to itself, which of two is half of the time.
          maxWorkers: 2,
          // To load the modules anew for each file would take as long as the tests.
          isolate: false,
          setupFiles: ['tests/fixtures/leave-nothing.ts'],
        },
        define: {
          __WEIGHT_HOSTS__: JSON.stringify(weightHosts),
          __SERVER_HOSTS__: JSON.stringify(serverHosts),
          __BUILD_NOTE__: '""',
          __COMMIT__: '""',
        },
        resolve: { conditions: ['browser'] },
      },
      {
        plugins: [svelteRunes(), characterMaps()],
        worker: { format: 'es' },
        // The hub of the tests has a port of its own every time.
        define: {
          __WEIGHT_HOSTS__: JSON.stringify([...weightHosts, 'http://localhost:*']),
          __SERVER_HOSTS__: JSON.stringify(serverHosts),
          __BUILD_NOTE__: '""',
          __COMMIT__: '""',
        },
        server: { headers: isolation },
        // Not index.html: a test of one part must not need the whole app to compile.
        optimizeDeps: {
          entries: ['tests/browser/**/*.test.ts', 'src/**/*.svelte', 'workers/**/*.ts'],
          exclude: ['@wllama/wllama'],
          include: ['pdfjs-dist/legacy/build/pdf.mjs', 'pdfjs-dist/legacy/build/pdf.worker.mjs'],
        },
        test: {
          name: 'browser',
          // The unit tests are group 0.
          sequence: { groupOrder: 1 },
          globalSetup: ['tests/fixtures/hub/global-setup.ts', 'tests/fixtures/model-server/global-setup.ts'],
          testTimeout: 60_000,
          // What comes late on a busy machine comes all the same; what promises a time measures it.
          expect: { poll: { timeout: 15_000 } },
          // The run names every test that was tried again, with its reason: see tools/test-outcome.ts.
          retry: process.env['CI'] === undefined ? 0 : 1,
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                ...(chromium !== undefined && { executablePath: chromium }),
                // The software adapter of Chromium, for kernels: correct, and slow.
                args: [...chromiumFlags, '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
              },
            }),
            instances: [
              { name: 'browser (models)', browser: 'chromium', include: ofModels, exclude: timed },
              {
                name: 'browser (others)',
                browser: 'chromium',
                include: browserTests('**/*'),
                exclude: [...timed, ...ofModels],
              },
              { ...afterwards, name: 'browser (timed)', browser: 'chromium', include: timed },
            ],
          },
        },
      },
    ],
  },
});

import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Connect, type Plugin } from 'vite';
import { compileKernels } from './tools/build/compile-kernels.mjs';
import { characterMaps } from './tools/build/character-maps.ts';
import { diagramFrame } from './tools/build/diagram-frame.ts';
import { onlyModernKatexFonts } from './tools/build/katex-fonts.ts';
import { licenses } from './tools/build/licenses/licenses-plugin.ts';
import { emitModelLibraries } from './tools/build/model-libraries.ts';
import { pageChunks } from './tools/build/page-chunks.ts';
import { previewFrame } from './tools/build/preview-frame.ts';
import { publishedFiles } from './tools/build/published-files.ts';
import {
  metaPolicy,
  previewRules,
  securityHeaders,
  serverHosts,
  weightHosts,
  workerFolder,
} from './tools/build/security-headers.ts';
import { serviceWorker } from './tools/build/service-worker-plugin.ts';
import { sourceCommit } from './tools/build/source-commit.ts';
import { splitSvelte } from './tools/build/split-svelte.ts';
import { splitWords } from './tools/build/split-words.ts';
import { staticIcons } from './tools/build/static-icons.ts';
import { besideEntries, refuseImportedEntries } from './tools/build/worker-entries.ts';
import { splashLinks } from './tools/icons/splash-screens.ts';

/** Vite's dev server inserts style elements; they carry this nonce, so that the policy need not be loosened. */
const nonce = randomBytes(16).toString('base64');

function sendSecurityHeaders(): Plugin {
  const middleware =
    (styleNonce?: string): Connect.NextHandleFunction =>
    (request, response, next) => {
      const path = new URL(request.url ?? '/', 'http://localhost').pathname;
      for (const [name, value] of Object.entries(securityHeaders(path, styleNonce))) response.setHeader(name, value);
      next();
    };
  return {
    name: 'sotto:head-and-headers',
    configureServer: (server) => void server.middlewares.use(middleware(nonce)),
    configurePreviewServer: (server) => void server.middlewares.use(middleware()),
    // The second line, for hosts that send no headers.
    transformIndexHtml: {
      order: 'pre',
      handler: (html, { server }) =>
        html.replace('{{policy}}', metaPolicy(server && nonce)).replace('{{splash}}', splashLinks()),
    },
  };
}

function compileMessages(): Plugin {
  const run = (): void =>
    void execFileSync(process.execPath, ['tools/build/compile-messages.mjs'], { stdio: 'inherit' });
  return {
    name: 'sotto:compile-messages',
    config: run,
    handleHotUpdate: ({ file }) => {
      if (file.includes('/src/text/messages/')) run();
    },
  };
}

/** The arithmetic of the CPU engine, compiled when the build starts, and while developing whenever it changes. */
function kernels(): Plugin {
  return {
    name: 'sotto:kernels',
    config: compileKernels,
    handleHotUpdate: async ({ file }) => {
      if (file.includes('/kernels/') && !file.includes('/kernels/build/')) await compileKernels();
    },
  };
}

const notices = licenses(import.meta.dirname);

export default defineConfig(({ command }) => ({
  plugins: [
    compileMessages(),
    kernels(),
    characterMaps(),
    splitWords(),
    splitSvelte(),
    staticIcons(),
    svelte({ configFile: false, compilerOptions: { runes: true, discloseVersion: false } }),
    sendSecurityHeaders(),
    emitModelLibraries(),
    onlyModernKatexFonts(),
    publishedFiles(),
    notices.page,
    previewFrame(previewRules.join('; ')),
    diagramFrame([notices.before()]),
    serviceWorker(notices.afterwards()),
  ],
  // Nothing is named from the root of the host: the build runs in any folder.
  base: './',
  ...(command === 'serve' ? { html: { cspNonce: nonce } } : {}),
  define: {
    __WEIGHT_HOSTS__: JSON.stringify(weightHosts),
    __SERVER_HOSTS__: JSON.stringify(serverHosts),
    __BUILD_NOTE__: JSON.stringify(process.env['SOTTO_BUILD_NOTE'] ?? ''),
    __COMMIT__: JSON.stringify(sourceCommit(import.meta.dirname)),
  },
  build: {
    target: 'es2023',
    // Lowers what browsers of the last three years lack, `light-dark()` above all.
    cssTarget: ['chrome111', 'firefox119', 'safari16.4'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: pageChunks } },
  },
  worker: {
    format: 'es',
    plugins: () => [refuseImportedEntries(), notices.before()],
    rollupOptions: {
      output: {
        codeSplitting: besideEntries,
        entryFileNames: ({ name }) => `${workerFolder(name)}/[name]-[hash].js`,
        // Both builds of llama.cpp call their binary the same; which is which decides who keeps it for use without a network.
        assetFileNames: ({ originalFileNames }) =>
          `assets/${originalFileNames.some((name) => name.includes('wllama-compat')) ? 'compat-' : ''}[name]-[hash][extname]`,
      },
    },
  },
  server: { port: 5173 },
  preview: { port: 4173, strictPort: false },
}));

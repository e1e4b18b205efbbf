import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Connect, type Plugin } from 'vite';
import { publishedFiles } from './tools/build/published-files.ts';
import { engineWorkerFolder, headersFile, securityHeaders, weightHosts } from './tools/build/security-headers.ts';

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
    name: 'sotto:security-headers',
    configureServer: (server) => void server.middlewares.use(middleware(nonce)),
    configurePreviewServer: (server) => void server.middlewares.use(middleware()),
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: '_headers', source: headersFile() });
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

export default defineConfig(({ command }) => ({
  plugins: [
    compileMessages(),
    svelte({ configFile: false, compilerOptions: { runes: true } }),
    sendSecurityHeaders(),
    publishedFiles(),
  ],
  ...(command === 'serve' ? { html: { cspNonce: nonce } } : {}),
  define: { __WEIGHT_HOSTS__: JSON.stringify(weightHosts) },
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  worker: {
    format: 'es',
    rollupOptions: {
      output: {
        entryFileNames: (chunk) =>
          chunk.name === 'engine.worker' ? `${engineWorkerFolder}/[name]-[hash].js` : 'assets/[name]-[hash].js',
      },
    },
  },
  server: { port: 5173 },
  preview: { port: 4173, strictPort: false },
}));

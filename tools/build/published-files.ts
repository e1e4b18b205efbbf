/** Files of the repository that the app links to: they ship with every build, under addresses that do not change. */
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

const files: Readonly<Record<string, { readonly source: string; readonly type: string }>> = {
  'benchmark/validation.md': { source: 'tests/benchmark-validation.md', type: 'text/markdown; charset=utf-8' },
  'benchmark/result.schema.json': {
    source: 'src/benchmark/schema/result.schema.json',
    type: 'application/schema+json',
  },
};

export function publishedFiles(): Plugin {
  return {
    name: 'sotto:published-files',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const file = files[new URL(request.url ?? '/', 'http://localhost').pathname.slice(1)];
        if (!file) return next();
        response.setHeader('Content-Type', file.type).end(readFileSync(file.source));
      });
    },
    generateBundle() {
      for (const [fileName, { source }] of Object.entries(files))
        this.emitFile({ type: 'asset', fileName, source: readFileSync(source) });
    },
  };
}

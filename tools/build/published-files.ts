/** Files that the app links to: they ship with every build, under addresses that do not change. */
import { readFile } from 'node:fs/promises';
import { runnerImport, type Plugin } from 'vite';

interface PublishedFile {
  readonly type: string;
  readonly text: () => Promise<string>;
}

const files: Readonly<Record<string, PublishedFile>> = {
  'benchmark/validation.md': {
    type: 'text/markdown; charset=utf-8',
    text: () => readFile('tests/benchmark-validation.md', 'utf8'),
  },
  'benchmark/result.schema.json': {
    type: 'application/schema+json',
    text: async () => {
      // Not part of the configuration, which is to be read by Node itself one day: it comes from files of the app.
      const { module } = await runnerImport<typeof import('./result-schema.ts')>('/tools/build/result-schema.ts', {
        configFile: false,
      });
      return `${JSON.stringify(module.resultSchema(), null, 2)}\n`;
    },
  },
};

export function publishedFiles(): Plugin {
  return {
    name: 'sotto:published-files',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const file = files[new URL(request.url ?? '/', 'http://localhost').pathname.slice(1)];
        if (!file) return next();
        file.text().then((text) => void response.setHeader('Content-Type', file.type).end(text), next);
      });
    },
    async generateBundle() {
      for (const [fileName, { text }] of Object.entries(files))
        this.emitFile({ type: 'asset', fileName, source: await text() });
    },
  };
}

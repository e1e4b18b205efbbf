/**
 * Writes `model-libraries.json` into the build: which compiled library each MLC model of the catalogue needs with the version
 * of WebLLM in this build. The app that is installed reads the file of the next version, and fetches the libraries before it
 * offers the update: nobody is left offline with weights that nothing can run.
 */
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

export const librariesFile = 'model-libraries.json';

export interface ModelLibraries {
  /** Version of WebLLM. */
  readonly webLlm: string;
  /** Address of the library, by repository on the Hugging Face hub. */
  readonly libraries: Readonly<Record<string, string>>;
}

interface Entry {
  readonly format: string;
  readonly repository: string;
  readonly libraryUrl?: string;
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));

export function modelLibraries(): ModelLibraries {
  const entries = readJson('../../src/models/catalogue/entries.json') as readonly Entry[];
  const { dependencies } = readJson('../../package.json') as { dependencies: Record<string, string> };
  return {
    webLlm: dependencies['@mlc-ai/web-llm'] ?? '',
    libraries: Object.fromEntries(
      entries.flatMap(({ format, repository, libraryUrl }) =>
        format === 'mlc' && libraryUrl !== undefined ? [[repository, libraryUrl]] : [],
      ),
    ),
  };
}

export const emitModelLibraries = (): Plugin => ({
  name: 'sotto:model-libraries',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: librariesFile, source: JSON.stringify(modelLibraries()) });
  },
});

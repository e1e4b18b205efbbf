/**
 * Writes `model-libraries.json` into the build: which compiled library each MLC model of the catalog needs with the version
 * of WebLLM in this build. The app that is installed reads the file of the next version, and fetches the libraries before it
 * offers the update: nobody is left offline with weights that nothing can run.
 */
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';
import type { CatalogModel } from '../../src/shared/domain/catalog.ts';

export const librariesFile = 'model-libraries.json';

export interface ModelLibraries {
  /** Version of WebLLM. */
  readonly webLlm: string;
  /** Address of the library, by repository on the Hugging Face hub. */
  readonly libraries: Readonly<Record<string, string>>;
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));

export function modelLibraries(): ModelLibraries {
  const models = readJson('../../src/models/catalog/models.json') as readonly CatalogModel[];
  const { dependencies } = readJson('../../package.json') as { dependencies: Record<string, string> };
  return {
    webLlm: dependencies['@mlc-ai/web-llm'] ?? '',
    libraries: Object.fromEntries(
      models
        .flatMap(({ builds }) => builds)
        .flatMap((build) => (build.format === 'mlc' ? [[build.repository, build.libraryUrl]] : [])),
    ),
  };
}

export const emitModelLibraries = (): Plugin => ({
  name: 'sotto:model-libraries',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: librariesFile, source: JSON.stringify(modelLibraries()) });
  },
});

/** Read, not imported: Playwright takes no JSON modules. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CatalogModel } from '../../src/shared/domain/catalog';

const file = join(import.meta.dirname, '../../src/models/catalog/models.json');
const models = JSON.parse(readFileSync(file, 'utf8')) as readonly CatalogModel[];

/** The builds of the catalog that are GGUF files, each with the title of its model. */
export const ggufBuilds = models.flatMap(({ title, builds }) =>
  builds.flatMap((build) => (build.format === 'gguf' ? [{ ...build, title }] : [])),
);

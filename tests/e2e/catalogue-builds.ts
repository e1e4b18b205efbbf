/** Read, not imported: Playwright takes no JSON modules. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CatalogueModel } from '../../src/shared/domain/catalogue';

const file = join(import.meta.dirname, '../../src/models/catalogue/models.json');
const models = JSON.parse(readFileSync(file, 'utf8')) as readonly CatalogueModel[];

/** The builds of the catalogue that are GGUF files, each with the title of its model. */
export const ggufBuilds = models.flatMap(({ title, builds }) =>
  builds.flatMap((build) => (build.format === 'gguf' ? [{ ...build, title }] : [])),
);

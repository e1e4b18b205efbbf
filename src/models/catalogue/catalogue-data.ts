/** The catalogue as typed data. Load it with `import()`: the first screen does without it and has to stay small. */
import type { CatalogueEntry, CatalogueFamily } from '../../shared/domain/catalogue';
import entryList from './entries.json';
import familyList from './families.json';

// JSON modules have `string` where the contract names its values; `tests/unit/catalogue.test.ts` holds each against the contract.
/** In the order in which they are shown: the families people come for first, small models before large ones. */
export const entries = entryList as unknown as readonly CatalogueEntry[];

export const families: readonly CatalogueFamily[] = familyList;

import type { CatalogEntry, CatalogProjector } from '../../shared/domain/catalog';
import { projectorBufferBytes } from '../../device/fit-need';

/** The same weights with the file that lets them see or hear, by default the one that they could have; as they were where there is none. */
export function withProjector(
  entry: CatalogEntry,
  projector: CatalogProjector | undefined = entry.optionalProjector,
): CatalogEntry {
  if (!projector) return entry;
  return {
    ...withoutOption(entry),
    projector,
    projectorBytes: projector.bytes,
    bytes: entry.bytes + projector.bytes,
    memoryBytes: entry.memoryBytes + projector.bytes + projectorBufferBytes,
  };
}

const withoutOption = ({ optionalProjector: _, ...entry }: CatalogEntry): CatalogEntry => entry;

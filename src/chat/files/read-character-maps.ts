import address from 'sotto:character-maps';
import { loadPart } from '../../ui/load-part';

type Index = Readonly<Record<string, readonly [offset: number, length: number]>>;

interface Bundle {
  readonly index: Index;
  /** What the offsets count from. */
  readonly start: number;
  readonly file: ArrayBuffer;
}

async function bundle(): Promise<Bundle> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status} for ${address}`);
  const file = await response.arrayBuffer();
  const indexBytes = new DataView(file).getUint32(0, true);
  const index = JSON.parse(new TextDecoder().decode(new Uint8Array(file, 4, indexBytes))) as Index;
  return { index, start: 4 + indexBytes, file };
}

/**
 * The maps for one file, all in one bundle: read when the first of them is wanted, and forgotten with the file. From our own
 * origin; the only thing that is ever loaded for a file, and only for a few old ones.
 * @returns what finds a map by its name; null where there is none of that name. Rejects with the failure of a part that could not
 * be loaded: without its map, the text would be another.
 */
export function characterMaps(): (name: string) => Promise<Uint8Array | null> {
  let opened: Promise<Bundle> | undefined;
  return async (name) => {
    const maps = await (opened ??= loadPart(bundle));
    const place = Object.hasOwn(maps.index, name) ? maps.index[name] : undefined;
    if (!place) return null;
    const at = maps.start + place[0];
    return new Uint8Array(maps.file.slice(at, at + place[1]));
  };
}

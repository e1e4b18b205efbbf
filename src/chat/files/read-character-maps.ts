import address from 'sotto:character-maps';

type Index = Readonly<Record<string, readonly [offset: number, length: number]>>;

interface Bundle {
  readonly index: Index;
  /** What the offsets count from. */
  readonly start: number;
  readonly file: ArrayBuffer;
}

/** Null without a network. */
async function bundle(): Promise<Bundle | null> {
  const response = await fetch(address).catch(() => null);
  if (!response?.ok) return null;
  const file = await response.arrayBuffer();
  const indexBytes = new DataView(file).getUint32(0, true);
  const index = JSON.parse(new TextDecoder().decode(new Uint8Array(file, 4, indexBytes))) as Index;
  return { index, start: 4 + indexBytes, file };
}

/**
 * The maps for one file, all in one bundle: read when the first of them is wanted, and forgotten with the file. From our own
 * origin; the only thing that is ever loaded for a file, and only for a few old ones.
 * @returns what finds a map by its name; null where there is none of that name, or no network
 */
export function characterMaps(): (name: string) => Promise<Uint8Array | null> {
  let opened: Promise<Bundle | null> | undefined;
  return async (name) => {
    const maps = await (opened ??= bundle());
    const place = maps && Object.hasOwn(maps.index, name) ? maps.index[name] : undefined;
    if (!maps || !place) return null;
    const at = maps.start + place[0];
    return new Uint8Array(maps.file.slice(at, at + place[1]));
  };
}

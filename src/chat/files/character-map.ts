import address from 'sotto:character-maps';

type Index = Readonly<Record<string, readonly [offset: number, length: number]>>;

/**
 * From our own origin; the only thing that is ever loaded for a file, and only for a few old ones.
 * @returns null where there is none of that name, or no network
 */
export async function characterMap(name: string): Promise<Uint8Array | null> {
  const response = await fetch(address).catch(() => null);
  if (!response?.ok) return null;
  const file = await response.arrayBuffer();
  const indexBytes = new DataView(file).getUint32(0, true);
  const index = JSON.parse(new TextDecoder().decode(new Uint8Array(file, 4, indexBytes))) as Index;
  const place = Object.hasOwn(index, name) ? index[name] : undefined;
  return place ? new Uint8Array(file.slice(4 + indexBytes + place[0], 4 + indexBytes + place[0] + place[1])) : null;
}

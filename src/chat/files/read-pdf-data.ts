import jbig2 from 'pdfjs-dist/wasm/jbig2.wasm?url';
import openjpeg from 'pdfjs-dist/wasm/openjpeg.wasm?url';
import maps from 'sotto:character-maps';
import type { ReadPdfData } from '../../shared/protocol/pdf';
import { loadPart } from '../../ui/load-part';

/** Without them, the pages of most black-and-white scans could not be drawn: they are fax or JBIG2. */
const programs: Readonly<Record<string, string>> = { 'jbig2.wasm': jbig2, 'openjpeg.wasm': openjpeg };

type Index = Readonly<Record<string, readonly [offset: number, length: number]>>;

interface Bundle {
  readonly index: Index;
  /** What the offsets count from. */
  readonly start: number;
  readonly file: ArrayBuffer;
}

async function bytesAt(address: string): Promise<ArrayBuffer> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status} for ${address}`);
  return response.arrayBuffer();
}

async function bundle(): Promise<Bundle> {
  const file = await bytesAt(maps);
  const indexBytes = new DataView(file).getUint32(0, true);
  const index = JSON.parse(new TextDecoder().decode(new Uint8Array(file, 4, indexBytes))) as Index;
  return { index, start: 4 + indexBytes, file };
}

/**
 * What pdf.js wants for one file, read when it is first wanted, and forgotten with the file; the maps are all in one bundle. From our
 * own origin: the only things that are ever loaded for a file, and only for some.
 * @returns rejects with the failure of a part that could not be loaded: without its map, the text would be another
 */
export function pdfData(): ReadPdfData {
  let opened: Promise<Bundle> | undefined;
  return async (name) => {
    const program = Object.hasOwn(programs, name) ? programs[name] : undefined;
    if (program !== undefined) return new Uint8Array(await loadPart(() => bytesAt(program)));
    const { index, start, file } = await (opened ??= loadPart(bundle));
    const place = Object.hasOwn(index, name) ? index[name] : undefined;
    if (!place) return null;
    const at = start + place[0];
    return new Uint8Array(file.slice(at, at + place[1]));
  };
}

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Plugin } from 'vite';

const maps = resolve('node_modules/pdfjs-dist/cmaps');
const file = resolve('node_modules/.cache/sotto/character-maps.bin');

/**
 * The maps of characters that old Chinese, Japanese and Korean PDFs name without bringing them, 168 small files of pdf.js, as one:
 * a copy for use without a network would else be 168 requests more.
 *
 * Length of the index as four bytes, little-endian; the index, JSON: name → [offset, length]; the maps.
 */
function writeMaps(): void {
  const contents = readdirSync(maps)
    .filter((name) => name.endsWith('.bcmap'))
    .sort()
    .map((name) => [basename(name, '.bcmap'), readFileSync(resolve(maps, name))] as const);
  let offset = 0;
  const index = Object.fromEntries(
    contents.map(([name, { length }]) => {
      offset += length;
      return [name, [offset - length, length]];
    }),
  );
  const head = Buffer.from(JSON.stringify(index));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  mkdirSync(resolve(file, '..'), { recursive: true });
  writeFileSync(file, Buffer.concat([length, head, ...contents.map(([, bytes]) => bytes)]));
}

/** Gives `sotto:character-maps`, the address of all of them. */
export const characterMaps = (): Plugin => ({
  name: 'sotto:character-maps',
  enforce: 'pre',
  config: writeMaps,
  resolveId: (id) => (id === 'sotto:character-maps' ? `${file}?url` : null),
});

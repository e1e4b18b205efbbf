/** Word documents, by mammoth: what it makes of a document is read like a page. */
import './immediate';
import { zipSync } from 'fflate';
import mammoth from 'mammoth';
import type { DocumentText } from './document-text';
import { htmlText } from './read-html';
import type { PackedFile } from './unpack';

/** A document is read as a tree, which takes many times as much memory as its text. */
const mostXmlBytes = 50_000_000;

/** Pictures, fonts and themes are left in the archive. */
const read = /\.(?:xml|rels)$/;

export async function wordText(packed: PackedFile): Promise<DocumentText> {
  const parts: Record<string, Uint8Array<ArrayBuffer>> = {};
  for (const name of packed.names) if (read.test(name)) parts[name] = await packed.bytes(name, mostXmlBytes);
  // Packed anew, from what was counted: mammoth unpacks whatever it is given.
  const { buffer } = zipSync(parts, { level: 0 });
  const { value } = await mammoth.convertToHtml(
    { arrayBuffer: buffer },
    { includeDefaultStyleMap: true, convertImage: mammoth.images.imgElement(() => Promise.resolve({ src: '' })) },
  );
  return htmlText(value);
}

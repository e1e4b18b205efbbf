/** EPUB: a list of chapters in the order in which they are read, each a page of XHTML. */
import { Parser } from 'htmlparser2';
import { FailureError } from '../../src/shared/protocol/failure';
import type { DocumentText } from './document-text';
import { HtmlText } from './read-html';
import type { PackedFile } from './unpack';

type Attributes = Readonly<Record<string, string>>;

function elementsOf(
  xml: string,
  names: readonly string[],
): readonly { readonly name: string; readonly of: Attributes }[] {
  const found: { name: string; of: Attributes }[] = [];
  const parser = new Parser(
    {
      onopentag: (tag, of) => {
        const name = tag.slice(tag.indexOf(':') + 1);
        if (names.includes(name)) found.push({ name, of });
      },
    },
    { xmlMode: true },
  );
  parser.end(xml);
  return found;
}

/** A name in the archive, from another one that refers to it. */
function resolved(href: string, base: string): string {
  try {
    const { pathname } = new URL(href, `https://book.invalid/${base}`);
    return decodeURIComponent(pathname.slice(1));
  } catch {
    return href;
  }
}

/** Chapters as pages. What is listed and missing is left out; a book without any is none. */
export async function bookText(packed: PackedFile): Promise<DocumentText> {
  // Lists of what is encrypted name fonts as well, which nobody needs here.
  const encrypted = elementsOf(await packed.text('META-INF/encryption.xml'), ['CipherReference']).map(({ of }) =>
    decodeURIComponent(of['URI'] ?? ''),
  );
  const [root] = elementsOf(await packed.text('META-INF/container.xml'), ['rootfile']);
  const list = root?.of['full-path'] ?? '';
  const parts = elementsOf(await packed.text(list), ['item', 'itemref']);
  const files = new Map(parts.flatMap(({ name, of }) => (name === 'item' ? [[of['id'], of['href'] ?? '']] : [])));
  const text = new HtmlText();
  let locked = false;
  for (const { name, of } of parts) {
    const href = name === 'itemref' ? files.get(of['idref']) : undefined;
    if (href === undefined) continue;
    const chapter = resolved(href, list);
    if (!packed.has(chapter)) continue;
    if (encrypted.includes(chapter)) {
      locked = true;
      continue;
    }
    text.beginPage();
    text.add(await packed.text(chapter));
  }
  if (locked && text.length === 0)
    throw new FailureError({ kind: 'attachment-encrypted', technical: 'a protected book' });
  if (text.length === 0 && files.size === 0)
    throw new FailureError({ kind: 'document-unreadable', technical: 'a book without a list of chapters' });
  return text.text();
}

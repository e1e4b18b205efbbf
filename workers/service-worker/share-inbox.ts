import { inboxCacheName, type SharedItems } from '../../src/shared/protocol/app-release';
import { cutText } from '../../src/shared/domain/cut-text';

/** More than anybody shares on purpose. */
const mostFiles = 50;
const mostCharacters = 1_000_000;

/**
 * Keeps what the operating system shares with the app until the page takes it, which may be much later: the page is not
 * there yet. Everything in it is hostile: any page may send a form here.
 */
export async function receiveShare(request: Request, scope: string): Promise<Response> {
  const id = crypto.randomUUID();
  try {
    const form = await request.formData();
    const files = form
      .getAll('files')
      .filter((entry) => entry instanceof File)
      .slice(0, mostFiles);
    const text = (name: string): string => {
      const value = form.get(name);
      return typeof value === 'string' ? cutText(value, mostCharacters) : '';
    };
    const items: SharedItems = {
      at: Date.now(),
      title: text('title'),
      text: text('text'),
      url: text('url'),
      files: files.map(({ name, type }, index) => ({ name, type, address: `${scope}inbox/${id}/${index}` })),
    };
    const cache = await caches.open(inboxCacheName(scope));
    for (const [index, file] of files.entries()) await cache.put(`${scope}inbox/${id}/${index}`, new Response(file));
    // Last: what has no list was not received.
    await cache.put(`${scope}inbox/${id}`, Response.json(items));
  } catch {
    return Response.redirect(`${scope}?shared=failed#/chat`, 303);
  }
  return Response.redirect(`${scope}?shared=${id}#/chat`, 303);
}

/** What the address of the page, or a link to the app, asks for. Anything can stand in it; nothing is done but to show it. */
import { cutText } from '../../shared/domain/cut-text';
import { parseUrl } from '../../shared/platform/parse-url';

export type AddressRequest =
  | { readonly kind: 'shared'; readonly id: string }
  | { readonly kind: 'share-failed' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'model'; readonly address: string }
  | { readonly kind: 'screen'; readonly hash: string };

const mostCharacters = 100_000;

/** `web+sotto:chat?text=…`, `web+sotto:model?url=…`, `web+sotto:benchmark`; null for anything else. */
export function parseAppLink(link: string): AddressRequest | null {
  const url = parseUrl(link);
  if (url?.protocol !== 'web+sotto:') return null;
  // "web+sotto://model" and "web+sotto:model" are written as people please.
  const [, place = '', query = ''] = /^web\+sotto:(?:\/\/)?([a-z]*)\/?(?:\?(.*))?$/i.exec(link) ?? [];
  const parameters = new URLSearchParams(query);
  const text = (name: string): string => cutText(parameters.get(name) ?? '', mostCharacters);
  switch (place.toLowerCase()) {
    case 'chat':
      return text('text') === '' ? { kind: 'screen', hash: '#/chat' } : { kind: 'text', text: text('text') };
    case 'model':
      return /^https?:\/\//i.test(text('url'))
        ? { kind: 'model', address: text('url') }
        : { kind: 'screen', hash: '#/models' };
    case 'models':
    case 'benchmark':
    case 'privacy':
    case 'settings':
      return { kind: 'screen', hash: `#/${place.toLowerCase()}` };
    default:
      return null;
  }
}

/** What the query of the page's own address asks for. */
export function parseQuery(search: string): AddressRequest | null {
  const parameters = new URLSearchParams(search);
  const shared = parameters.get('shared');
  if (shared === 'failed') return { kind: 'share-failed' };
  if (shared !== null) return /^[\w-]{1,64}$/.test(shared) ? { kind: 'shared', id: shared } : null;
  const link = parameters.get('open');
  return link === null ? null : parseAppLink(link);
}

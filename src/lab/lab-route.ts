/** What of the Lab is on the screen, as the address says it: `#/lab`, `#/lab/set/<id>`, `#/lab/run/<id>`. */
export type LabRoute = { readonly view: 'home' } | { readonly view: 'set' | 'run'; readonly id: string };

export function readLabRoute(hash: string): LabRoute {
  const [, view, id = ''] = hash.replace(/^#\/?/, '').split('/');
  if ((view !== 'set' && view !== 'run') || id === '') return { view: 'home' };
  try {
    return { view, id: decodeURIComponent(id) };
  } catch {
    return { view: 'home' };
  }
}

export const setHref = (id: string): string => `#/lab/set/${encodeURIComponent(id)}`;
export const runHref = (id: string): string => `#/lab/run/${encodeURIComponent(id)}`;

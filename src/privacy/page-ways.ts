/** The ways out that only a page has. Each is tried without leaving the page and without opening another. */
import { GuardError } from '../shared/platform/guard-error';
import type { Way } from '../shared/platform/self-test-ways';

const sent = new Blob(['self-test']);

/** Puts an element into the page for as long as it takes to load or fail. */
const loading = (element: HTMLElement): Promise<'reached'> =>
  new Promise<'reached'>((resolve, reject) => {
    element.addEventListener('load', () => resolve('reached'));
    element.addEventListener('error', () => reject(new Error('error')));
    element.hidden = true;
    document.body.append(element);
  }).finally(() => element.remove());

const element = <Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Partial<HTMLElementTagNameMap[Name]>,
): HTMLElementTagNameMap[Name] => Object.assign(document.createElement(name), properties);

/** A frame that the policy keeps out says it has loaded all the same. */
const framed = async (url: string): Promise<'unclear'> => {
  await loading(element('iframe', { src: url }));
  return 'unclear';
};

async function sendForm(url: string): Promise<'unclear'> {
  // If it were sent, its answer would come in a tab of its own.
  const form = element('form', { action: url, method: 'post', target: '_blank', hidden: true });
  form.append(element('input', { name: 'words', value: 'self-test' }));
  document.body.append(form);
  try {
    form.submit();
    await new Promise((resolve) => setTimeout(resolve, 300));
    return 'unclear';
  } finally {
    form.remove();
  }
}

interface Navigation extends EventTarget {
  navigate?(url: string): unknown;
}

const { navigation } = globalThis as { readonly navigation?: Navigation };

/** Leads the page away. Only where the guard can be seen at work: otherwise the page would be gone. */
function leave(url: string): Promise<'unclear'> {
  return new Promise((resolve, reject) => {
    navigation?.addEventListener(
      'navigate',
      (event) => {
        const { defaultPrevented } = event;
        // In any case: this is a test.
        event.preventDefault();
        if (defaultPrevented) reject(new GuardError('navigation'));
        else resolve('unclear');
      },
      { once: true },
    );
    location.href = url;
  });
}

export const pageWays: readonly Way[] = [
  ['<img>', (url): Promise<'reached'> => loading(element('img', { src: url }))],
  ['<link rel="stylesheet">', (url): Promise<'reached'> => loading(element('link', { rel: 'stylesheet', href: url }))],
  ['<link rel="prefetch">', (url): Promise<'reached'> => loading(element('link', { rel: 'prefetch', href: url }))],
  ['<video>', (url): Promise<'reached'> => loading(element('video', { src: url, preload: 'auto' }))],
  ['<iframe>', framed],
  ['<form>', sendForm],
  [
    'sendBeacon',
    (url): Promise<'unclear'> => {
      navigator.sendBeacon(url, sent);
      return Promise.resolve('unclear');
    },
  ],
  ['window.open', 'open' in globalThis ? (): Promise<'unclear'> => Promise.resolve('unclear') : null],
];

/** Null where the browser cannot watch over it. */
export const leavingWay: Way | null = navigation ? ['location', leave] : null;

/** Ways out that the page and every worker may have. */
import { tryWay, type SelfTestRow, type SelfTestThread } from '../protocol/self-test';

export type Way = readonly [name: string, attempt: ((url: string) => Promise<'reached' | 'unclear'>) | null];

const has = (name: string): boolean => (globalThis as Record<string, unknown>)[name] !== undefined;

const sent = new TextEncoder().encode('self-test');

/** Settles with the first of two events. */
const heard = (target: EventTarget, good: string, bad: string): Promise<'reached'> =>
  new Promise((resolve, reject) => {
    target.addEventListener(good, () => resolve('reached'));
    target.addEventListener(bad, () => reject(new Error(bad)));
  });

/** By name of a function, as far as the thread has it. */
const commonWays = (): readonly Way[] => [
  [
    'fetch',
    has('fetch')
      ? (url): Promise<'reached'> => fetch(url, { method: 'POST', body: sent, mode: 'no-cors' }).then(() => 'reached')
      : null,
  ],
  [
    'XMLHttpRequest',
    has('XMLHttpRequest')
      ? (url): Promise<'reached'> => {
          const request = new XMLHttpRequest();
          const end = heard(request, 'load', 'error');
          request.open('POST', url);
          request.send(sent);
          return end;
        }
      : null,
  ],
  [
    'WebSocket',
    has('WebSocket')
      ? async (url): Promise<'reached'> => {
          const socket = new WebSocket(url.replace(/^http/, 'ws'));
          return heard(socket, 'open', 'error').finally(() => socket.close());
        }
      : null,
  ],
  [
    'EventSource',
    has('EventSource')
      ? async (url): Promise<'reached'> => {
          const source = new EventSource(url);
          return heard(source, 'open', 'error').finally(() => source.close());
        }
      : null,
  ],
  [
    'WebTransport',
    has('WebTransport')
      ? async (url): Promise<'reached'> => {
          const transport = new WebTransport(url.replace(/^http:/, 'https:'));
          // Both promises of it fail; one that nobody hears would be an error of the page.
          transport.closed.catch(() => {});
          await transport.ready;
          return 'reached';
        }
      : null,
  ],
  [
    'import()',
    // Service workers know it and allow it to nobody.
    // Not a part of the app: that it fails is what is hoped for.
    // eslint-disable-next-line no-restricted-syntax
    has('registration') ? null : (url): Promise<'reached'> => import(/* @vite-ignore */ url).then(() => 'reached'),
  ],
  [
    'importScripts',
    has('importScripts')
      ? (url): Promise<'reached'> => {
          (globalThis as unknown as { importScripts(url: string): void }).importScripts(url);
          return Promise.resolve('reached');
        }
      : null,
  ],
  ['WebRTC', has('RTCPeerConnection') ? (): Promise<'unclear'> => Promise.resolve('unclear') : null],
];

/** One after the other, so that it is known which one a report is of. */
export async function tryWays(target: string, thread: SelfTestThread, more: readonly Way[]): Promise<SelfTestRow[]> {
  const rows: SelfTestRow[] = [];
  for (const [name, attempt] of [...commonWays(), ...more]) rows.push(await tryWay(target, thread, name, attempt));
  return rows;
}

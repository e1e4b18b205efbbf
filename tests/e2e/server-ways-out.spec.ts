/** A server of one's own is one more way out: to that server alone, from one thread alone. */
import type { Page, Worker } from '@playwright/test';
import { chatsDatabaseName } from '../../src/shared/platform/chats-database';
import type { ChatServer } from '../../src/shared/domain/server';
import { startModelServer, type ModelServer } from '../fixtures/model-server/model-server';
import { startListener } from './listener';
import type { SottoPage } from './sotto-page';
import { expect, test } from './test';

test.use({ serviceWorkers: 'allow' });

const answer = ['Only ', 'this ', 'server ', 'hears ', 'it.'];

/** As a person leaves it who has added a server and chosen its model. */
async function useServer(sotto: SottoPage, { origin }: ModelServer): Promise<void> {
  const { page } = sotto;
  const added: ChatServer = {
    id: 'one',
    kind: 'llama-server',
    address: `${origin}/v1`,
    models: [{ id: 'small' }],
    addedAt: 1,
  };
  await page.evaluate(
    async ([name, server]) => {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error('the database does not open'));
      });
      const transaction = database.transaction('servers', 'readwrite');
      transaction.objectStore('servers').put(server);
      await new Promise((resolve) => (transaction.oncomplete = resolve));
      database.close();
      localStorage.setItem('sotto.model', 'server:one:small');
    },
    [chatsDatabaseName, added] as const,
  );
  await page.reload();
  await expect(sotto.message).toBeVisible();
}

const isServerWorker = (worker: Worker): boolean => worker.url().includes('/server-worker/');

/** What becomes of each way to an address that a thread has, in that thread. */
async function tries(thread: Page | Worker, origin: string): Promise<Readonly<Record<string, string>>> {
  const attempt = async (address: string): Promise<Record<string, string>> => {
    const scope = globalThis as unknown as Record<string, unknown>;
    const open = (name: string, url: string): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const made = new (scope[name] as new (url: string) => EventTarget & { close(): void })(url);
        made.addEventListener('open', resolve);
        made.addEventListener('error', () => reject(new Error('blocked')));
      });
    const ways: Record<string, () => Promise<unknown>> = {
      fetch: () => fetch(`${address}/v1/models`),
      XMLHttpRequest: () =>
        new Promise((resolve, reject) => {
          const request = new XMLHttpRequest();
          request.onload = resolve;
          request.onerror = () => reject(new Error('blocked'));
          request.open('GET', `${address}/xhr`);
          request.send();
        }),
      WebSocket: () => open('WebSocket', `${address.replace('http', 'ws')}/socket`),
      EventSource: () => open('EventSource', `${address}/events`),
      import: () => import(/* @vite-ignore */ `${address}/module.js`),
    };
    const found: Record<string, string> = {};
    for (const [name, way] of Object.entries(ways)) {
      if (name !== 'import' && scope[name] === undefined) found[name] = 'absent';
      else
        found[name] = await way().then(
          () => 'reached',
          () => 'blocked',
        );
    }
    return found;
  };
  return (thread as Page).evaluate(attempt, origin);
}

test('with a server in use, it alone hears anything, from the server worker alone', async ({
  page,
  sotto,
  watched,
}) => {
  const [server, other] = await Promise.all([
    startModelServer({ kind: 'llama-server', answer }),
    startModelServer({ kind: 'llama-server' }),
  ]);
  try {
    await sotto.open();
    await useServer(sotto, server);
    expect(await sotto.answerTo('Who hears this?')).toContain(answer.join(''));
    const chat = server.log.filter(({ path, method }) => method === 'POST' && path === '/v1/chat/completions');
    expect(chat.length).toBeGreaterThanOrEqual(1);
    expect(JSON.stringify(chat[0]?.body)).toContain('Who hears this?');
    for (const { referrer, cookie } of server.log) expect([referrer, cookie]).toEqual([null, null]);
    const asked = server.log.length;

    // The Models screen has the worker for downloads, which reaches other hosts, too.
    await sotto.goTo('Models');
    await expect.poll(() => page.workers().some((worker) => worker.url().includes('/weights-worker/'))).toBe(true);
    const threads: readonly (Page | Worker)[] = [page, ...page.workers()];
    expect(page.workers().filter(isServerWorker)).toHaveLength(1);
    for (const thread of threads) {
      for (const { origin } of [server, other, { origin: other.origin.replace('localhost', '127.0.0.1') }]) {
        if (thread !== page && isServerWorker(thread as Worker) && origin === server.origin) continue;
        const found = await tries(thread, origin);
        expect(Object.values(found), `${thread.url()} to ${origin}: ${JSON.stringify(found)}`).not.toContain('reached');
      }
    }
    expect(server.log).toHaveLength(asked);
    expect(other.log).toEqual([]);

    // The one that may: by `fetch`, and in no other way.
    const worker = page.workers().find(isServerWorker);
    if (!worker) throw new Error('no server worker runs');
    expect(await tries(worker, server.origin)).toEqual({
      fetch: 'reached',
      XMLHttpRequest: 'absent',
      WebSocket: 'absent',
      EventSource: 'absent',
      import: 'blocked',
    });
    expect(server.log).toHaveLength(asked + 1);
  } finally {
    await Promise.all([server.close(), other.close()]);
  }
  // The browser complains about the attempts themselves.
  watched.forgive(/127\.0\.0\.1|localhost:\d+\/(v1|xhr|socket|events|module)|sotto-self-test/);
});

test('with a server in use, the self-test finds no way out, and a listener on another port hears nothing', async ({
  page,
  sotto,
  watched,
}) => {
  const [server, listener] = await Promise.all([startModelServer({ kind: 'llama-server', answer }), startListener()]);
  try {
    await sotto.open();
    await useServer(sotto, server);
    expect(await sotto.answerTo('Who hears this?')).toContain(answer.join(''));
    const asked = server.log.length;
    await sotto.untilOffline();
    await sotto.goTo('Privacy');
    const outcomes = await sotto.selfTest(listener.origin);
    const ofServer = outcomes.filter(([from]) => from === 'Server connection');
    expect(ofServer.length).toBeGreaterThanOrEqual(8);
    // The policy would let it reach any port of this computer: that it does not is the guard's doing.
    expect(ofServer.map(([, outcome]) => outcome)).toContain('guard');
    expect(listener.heard).toEqual([]);
    expect(server.log).toHaveLength(asked);

    // The words and what carried them are on the list.
    const row = page.getByRole('table', { name: 'Requests' }).getByRole('row').filter({ hasText: 'chat/completions' });
    await expect(async () => {
      while (await sotto.button('Show more').isVisible()) await sotto.button('Show more').click();
      await expect(row.first()).toContainText(new URL(server.origin).host);
    }).toPass({ timeout: 30_000 });
  } finally {
    await server.close();
    listener.close();
  }
  watched.forgive(/sotto-self-test/);
});

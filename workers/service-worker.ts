/**
 * Entry of the service worker: keeps versions of the app on the device and answers for them, with security headers where the
 * host sends none. Models never pass through it.
 */
import './guard-service-worker';
import type {
  MissingReason,
  Release,
  ShellAnswer,
  ShellNotice,
  ShellRequest,
} from '../src/shared/protocol/app-release';
import type { SelfTestMessage } from '../src/shared/protocol/self-test';
import { tryWays } from '../src/shared/platform/self-test-ways';
import { isFull, Releases } from './service-worker/releases';
import { Responder } from './service-worker/respond';

/** Written by the build, when all other files are there. */
declare const __RELEASE__: Release;

const worker = self as unknown as ServiceWorkerGlobalScope;
const { scope } = worker.registration;
// Named once: wherever the build's name for it stands, the whole list is put.
const release: Release = __RELEASE__;
const releases = new Releases(release, scope);
const responder = new Responder(releases, release, scope);

worker.addEventListener('install', (event) => {
  // The code of the service worker may change at once; which version of the app it serves is written down elsewhere.
  event.waitUntil(
    releases.install().then(
      () => worker.skipWaiting(),
      async (error: unknown) => {
        await tellPages({ type: 'not-stored', reason: reasonOf(error) });
        throw error;
      },
    ),
  );
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(releases.activate().then(() => worker.clients.claim()));
});

worker.addEventListener('fetch', (event) => {
  const answer = responder.answerTo(event.request);
  if (answer) event.respondWith(answer);
});

worker.addEventListener('message', (event: ExtendableMessageEvent) => {
  const [port] = event.ports;
  const request = event.data as ShellRequest | SelfTestMessage;
  if (request.type === 'tried') return;
  const answer = request.type === 'try' ? selfTest(request) : answerTo(request);
  event.waitUntil(answer.then((value) => port?.postMessage(value)));
});

const reasonOf = (error: unknown): MissingReason => (isFull(error) ? 'storage' : 'network');

/** Also those that another service worker serves, or none yet. */
async function tellPages(notice: ShellNotice): Promise<void> {
  for (const client of await worker.clients.matchAll({ type: 'window', includeUncontrolled: true }))
    client.postMessage(notice);
}

async function selfTest({ id, target }: { id: string; target: string }): Promise<SelfTestMessage> {
  const rows = await tryWays(target, 'service-worker', []);
  return { type: 'tried', id, thread: 'service-worker', rows };
}

async function answerTo(request: ShellRequest): Promise<ShellAnswer> {
  try {
    if (request.type === 'complete') await releases.complete(request.build, request.parts);
    if (request.type === 'switch') {
      if (!(await releases.switchTo(request.build))) throw new Error(`${request.build} is not wholly here`);
      await tellPages({ type: 'switched', build: request.build });
    }
    return { ok: true, status: await releases.status() };
  } catch (error) {
    return { ok: false, reason: reasonOf(error), technical: String(error) };
  }
}

import checksWorkerUrl from '../../workers/checks.worker.ts?worker&url';
import engineWorkerUrl from '../../workers/engine.worker.ts?worker&url';
import serverWorkerUrl from '../../workers/server.worker.ts?worker&url';
import type { ChecksApi } from '../shared/protocol/checks';
import type { EngineApi } from '../shared/protocol/engine-api';
import type { ServerApi } from '../shared/protocol/server';
import {
  selfTestChannelName,
  selfTestHost,
  selfTestThreads,
  tryWay,
  type SelfTestMessage,
  type SelfTestRow,
  type SelfTestThread,
} from '../shared/protocol/self-test';
import { tryWays } from '../shared/platform/self-test-ways';
import { parseUrl } from '../shared/platform/parse-url';
import { startWorker } from '../shared/platform/trusted-worker';
import { WorkerHandle } from '../shared/platform/worker-handle';
import { leavingWay, pageWays } from './page-ways';

/** How long the workers may take, in ms: one after the other, their attempts take seconds where nothing stops them. */
const patienceMs = 30_000;

const workers = selfTestThreads.filter((thread) => thread !== 'page');
/** There may be none: on a first visit, in private windows. */
const optional = 'service-worker';

/** Also one that does not control this page, after a reload past it or before it is active: it can reach the network all the same. */
async function serviceWorkerHere(): Promise<ServiceWorker | null> {
  const { serviceWorker } = navigator as Partial<Navigator>;
  if (serviceWorker?.controller) return serviceWorker.controller;
  const registration = await serviceWorker?.getRegistration().catch(() => undefined);
  return registration?.active ?? registration?.waiting ?? registration?.installing ?? null;
}

export type SelfTestVerdict =
  /** Every attempt was stopped, by something that is known. */
  | 'sealed'
  /** Nothing got out, but of some attempts nobody can tell what stopped them. */
  | 'unproven'
  /** Something got out. */
  | 'leaks';

/**
 * Those for checks and for servers run only while the Lab checks answers and while a server is asked, and while a server is asked,
 * no engine runs. The test needs some of its own.
 */
const checksWorker = (): WorkerHandle<ChecksApi> =>
  new WorkerHandle({
    start: () => startWorker(checksWorkerUrl, 'checks'),
    name: 'the worker for checks',
    crashed: 'unexpected',
  });
const serverWorker = (): WorkerHandle<ServerApi> =>
  new WorkerHandle({
    start: () => startWorker(serverWorkerUrl, 'server'),
    name: 'the server worker',
    crashed: 'unexpected',
  });
const engineWorker = (): WorkerHandle<EngineApi> =>
  new WorkerHandle({
    start: () => startWorker(engineWorkerUrl, 'engine'),
    name: 'the engine worker',
    crashed: 'unexpected',
  });

/** Resolves when a worker answers. One whose script did not come is started a second time. */
const awake = (ask: () => Promise<unknown>): Promise<unknown> => Promise.resolve().then(ask).catch(ask);

const isStopped = ({ outcome }: SelfTestRow): boolean => ['policy', 'absent', 'guard'].includes(outcome);

/** Tries to send something to a foreign host, in every way there is, from the page and from its workers. */
export class SelfTest {
  target = $state(`https://${selfTestHost}`);
  #running = $state(false);
  #rows = $state.raw<readonly SelfTestRow[]>([]);
  #silent = $state.raw<readonly SelfTestThread[]>([]);
  #lacksServiceWorker = $state(false);
  readonly #verdict = $derived.by((): SelfTestVerdict | null => {
    if (this.#running || this.#rows.length === 0) return null;
    if (this.#rows.some(({ outcome }) => outcome === 'reached')) return 'leaks';
    const tried = this.#rows.filter(({ outcome }) => outcome !== 'untried');
    return tried.every(isStopped) && this.#silent.length === 0 ? 'sealed' : 'unproven';
  });

  get running(): boolean {
    return this.#running;
  }
  get rows(): readonly SelfTestRow[] {
    return this.#rows;
  }
  /** Workers that did not answer: they do not run, or are busy. */
  get silent(): readonly SelfTestThread[] {
    return this.#silent;
  }
  /** There was no service worker to try anything from. */
  get lacksServiceWorker(): boolean {
    return this.#lacksServiceWorker;
  }
  /** Null until it has been run. */
  get verdict(): SelfTestVerdict | null {
    return this.#verdict;
  }
  get stopped(): number {
    return this.#rows.filter(isStopped).length;
  }
  /** Whether the target is one that can be tried: another host, by http or https. */
  get canRun(): boolean {
    const url = parseUrl(this.target);
    return url !== null && /^https?:$/.test(url.protocol) && url.host !== location.host;
  }

  async run(): Promise<void> {
    if (this.#running || !this.canRun) return;
    this.#running = true;
    this.#rows = [];
    this.#silent = [];
    this.#lacksServiceWorker = false;
    const target = new URL(this.target).origin;
    // At the same time: a report goes to the thread that made the attempt.
    const fromWorkers = this.#askWorkers(target);
    const fromPage = await tryWays(target, 'page', pageWays);
    fromPage.push(
      leavingWay
        ? await tryWay(target, 'page', ...leavingWay)
        : { thread: 'page', way: 'location', outcome: 'untried', detail: '' },
    );
    this.#rows = [...fromPage, ...(await fromWorkers)];
    this.#running = false;
  }

  async #askWorkers(target: string): Promise<readonly SelfTestRow[]> {
    const serviceWorker = await serviceWorkerHere();
    this.#lacksServiceWorker = serviceWorker === null;
    if (!('BroadcastChannel' in globalThis)) {
      this.#silent = workers.filter((thread) => thread !== optional);
      return [];
    }
    const [checks, server, engine] = [checksWorker(), serverWorker(), engineWorker()];
    try {
      // One that does not come is found out about by its silence.
      await Promise.allSettled([
        awake(() => checks.start().ready()),
        awake(() => server.start().clock()),
        awake(() => engine.start().clock()),
      ]);
      return await this.#askRunning(target, serviceWorker);
    } finally {
      checks.end();
      server.end();
      engine.end();
    }
  }

  async #askRunning(target: string, serviceWorker: ServiceWorker | null): Promise<readonly SelfTestRow[]> {
    const asked = workers.filter((thread) => thread !== optional || serviceWorker);
    const id = crypto.randomUUID();
    const channel = new BroadcastChannel(selfTestChannelName);
    const answers = new Map<string, readonly SelfTestRow[]>();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, patienceMs);
      const hear = ({ data }: MessageEvent<SelfTestMessage>): void => {
        // Workers of other tabs answer, too: one of each kind is enough.
        if (data.type !== 'tried' || data.id !== id || answers.has(data.thread)) return;
        answers.set(data.thread, data.rows);
        if (answers.size < asked.length) return;
        clearTimeout(timer);
        resolve();
      };
      const question: SelfTestMessage = { type: 'try', id, target };
      channel.addEventListener('message', hear);
      channel.postMessage(question);
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = hear;
      serviceWorker?.postMessage(question, [port2]);
    });
    channel.close();
    this.#silent = asked.filter((thread) => !answers.has(thread));
    return asked.flatMap((thread) => answers.get(thread) ?? []);
  }
}

import type { MissingReason, ShellAnswer, ShellNotice, ShellRequest } from '../../shared/protocol/app-release';
import { registerServiceWorker } from '../../shared/platform/trusted-worker';

/** A request that fetches much may take this long, in ms; the browser ends a service worker that takes longer. */
const patienceMs = 5 * 60_000;

/** How long after its end the service worker may take to say why it could not be stored, in ms. */
const reasonMs = 500;

/** This version of the app could not be stored. */
export class NotStored extends Error {
  override readonly name = 'NotStored';
  constructor(readonly reason: MissingReason) {
    super(`this version could not be stored: ${reason}`);
  }
}

/** The page's side of the service worker. Every question is answered, also when the service worker dies over it. */
export class ShellClient {
  private constructor(private readonly registration: ServiceWorkerRegistration) {}

  /** Resolves when a service worker is active. @throws when the browser refuses, or this version could not be stored */
  static async start(): Promise<ShellClient> {
    const reason = reasonToldBy(navigator.serviceWorker);
    const registration = await registerServiceWorker(new URL('service-worker.js', document.baseURI).href);
    const newcomer = registration.installing ?? registration.waiting;
    if (!registration.active && newcomer)
      await activation(newcomer).catch(async () => {
        const late = new Promise<MissingReason>((resolve) => setTimeout(() => resolve('network'), reasonMs));
        throw new NotStored(await Promise.race([reason, late]));
      });
    return new ShellClient(registration);
  }

  /** Calls `listener` whenever a newer service worker has become active, also for one that was found before this call. */
  onNewer(listener: () => void): void {
    const follow = (): void => {
      const newcomer = this.registration.installing ?? this.registration.waiting;
      // One that fails leaves everything as it was, and is tried again later.
      if (newcomer) void activation(newcomer).then(listener, () => {});
    };
    this.registration.addEventListener('updatefound', follow);
    follow();
  }

  /** Calls `listener` whenever this or another tab has switched to another version. */
  onSwitched(listener: () => void): void {
    navigator.serviceWorker.addEventListener('message', ({ data }: MessageEvent<ShellNotice>) => {
      if (data.type === 'switched') listener();
    });
  }

  ask(request: ShellRequest): Promise<ShellAnswer> {
    const worker = this.registration.active;
    if (!worker) return Promise.resolve({ ok: false, reason: 'network', technical: 'no service worker is active' });
    return new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      const timer = setTimeout(
        () => resolve({ ok: false, reason: 'network', technical: `no answer to ${request.type}` }),
        patienceMs,
      );
      port1.onmessage = ({ data }: MessageEvent<ShellAnswer>): void => {
        clearTimeout(timer);
        port1.close();
        resolve(data);
      };
      worker.postMessage(request, [port2]);
    });
  }

  /** Asks the host whether there is a newer version. Without a network, there is none. */
  async lookForNewer(): Promise<void> {
    await this.registration.update().catch(() => {});
  }
}

const reasonToldBy = (container: ServiceWorkerContainer): Promise<MissingReason> =>
  new Promise((resolve) => {
    container.addEventListener('message', ({ data }: MessageEvent<ShellNotice>) => {
      if (data.type === 'not-stored') resolve(data.reason);
    });
  });

function activation(worker: ServiceWorker): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (worker.state === 'activated') resolve();
      if (worker.state === 'redundant') reject(new Error('this version could not be stored'));
    };
    worker.addEventListener('statechange', look);
    look();
  });
}

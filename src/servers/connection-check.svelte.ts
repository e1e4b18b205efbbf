import reachWorkerUrl from '../../workers/reach.worker.ts?worker&url';
import serverWorkerUrl from '../../workers/server.worker.ts?worker&url';
import type { Failure } from '../shared/protocol/failure';
import type { ReachApi, ServerApi } from '../shared/protocol/server';
import { serverIsAllowed } from '../shared/platform/server-hosts';
import { startWorker } from '../shared/platform/trusted-worker';
import { WorkerHandle } from '../shared/platform/worker-handle';
import { checkConnection, type CheckedServer, type CheckParts, type CheckProgress } from './check-connection';
import { asksLocally } from './local-requests';

/** Each check has workers of its own, so that stopping it leaves nothing behind, and nothing of an earlier one is taken for new. */
function startParts(isWanted: () => boolean): { readonly parts: CheckParts; readonly end: () => void } {
  const server = new WorkerHandle<ServerApi>({
    start: () => startWorker(serverWorkerUrl, 'server'),
    name: 'the server worker',
    crashed: 'unexpected',
  });
  const reach = new WorkerHandle<ReachApi>({
    start: () => startWorker(reachWorkerUrl, 'reach'),
    name: 'the reach worker',
    crashed: 'unexpected',
  });
  const parts: CheckParts = {
    page: location.origin,
    asksLocally,
    isAllowed: serverIsAllowed,
    isWanted,
    // The names are those of Chromium; the types know only what every browser has.
    permission: async (name) => (await navigator.permissions.query({ name: name as PermissionName })).state,
    server: {
      listModels: (asked) => server.start().listModels(asked),
      load: (request) => server.start().load(request),
      generate: (request) => server.start().generate(request),
    },
    reach: { answers: (origin) => reach.start().answers(origin) },
  };
  const end = (): void => {
    const stopped: Failure = { kind: 'cancelled', technical: 'the check was stopped' };
    server.end(stopped);
    reach.end(stopped);
  };
  return { parts, end };
}

/** A check of one server, as a screen shows it. */
export class ConnectionCheck {
  #progress = $state.raw<CheckProgress | null>(null);
  #end = $state.raw<(() => void) | null>(null);
  #stopped = $state(false);

  /** @param isWanted whether servers are to be asked at all */
  constructor(private readonly isWanted: () => boolean) {}

  /** Null before the first check. */
  get progress(): CheckProgress | null {
    return this.#progress;
  }

  get running(): boolean {
    return this.#end !== null;
  }

  /** Whether a person has stopped the last one. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** @returns null for a check that was stopped */
  async run(server: CheckedServer, wanted?: string): Promise<CheckProgress | null> {
    this.reset();
    const { parts, end } = startParts(this.isWanted);
    this.#end = end;
    const isCurrent = (): boolean => this.#end === end;
    const result = await checkConnection(
      server,
      parts,
      (progress) => isCurrent() && (this.#progress = progress),
      wanted,
    );
    end();
    if (!isCurrent()) return null;
    this.#end = null;
    return result;
  }

  stop(): void {
    if (!this.#end) return;
    const end = this.#end;
    this.#end = null;
    this.#stopped = true;
    end();
  }

  /** Stops what runs, and shows nothing any more. */
  reset(): void {
    this.stop();
    this.#stopped = false;
    this.#progress = null;
  }
}

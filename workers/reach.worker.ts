/** Entry of the worker that finds out whether anything answers at the address of a server. It sends nothing but that question. */
import './guard-reach';
import { expose } from 'comlink';
import type { ReachApi } from '../src/shared/protocol/server';

/** How long a server may take for its answer, in ms. */
const patienceMs = 5000;

expose({
  async answers(origin) {
    try {
      // What comes cannot be read, only that it came: a server that lets no page in answers this, too.
      const init: RequestInit = {
        mode: 'no-cors',
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
        cache: 'no-store',
      };
      await fetch(origin, { ...init, signal: AbortSignal.timeout(patienceMs) });
      return true;
    } catch {
      return false;
    }
  },
} satisfies ReachApi);

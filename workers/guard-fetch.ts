import { GuardError } from '../src/shared/platform/guard-error';
import { allButFetch, forbid } from './forbid';

/** Leaves a worker `fetch` alone, and that only for addresses that are allowed: also where a host sends no policy. */
export function guardFetch(isAllowed: (url: string) => boolean): void {
  forbid(allButFetch);
  const send = self.fetch.bind(self);
  Reflect.defineProperty(self, 'fetch', {
    configurable: false,
    writable: false,
    value: (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
      const url = new URL(input instanceof Request ? input.url : input, self.location.href);
      if (!isAllowed(url.href)) return Promise.reject(new GuardError(`${url.host} is none of our hosts`));
      return send(input, init);
    },
  });
}

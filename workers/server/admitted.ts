/** Which servers this worker may ask: those that it was given, one after the other, as far as the policy of the build allows them. */
import { serverIsAllowed } from '../../src/shared/platform/server-hosts';
import { FailureError } from '../../src/shared/protocol/failure';

const origins = new Set<string>();

/** @param url absolute */
export const isAdmitted = (url: string): boolean => origins.has(new URL(url).origin) && serverIsAllowed(url);

/** Lets `fetch` through to a server from now on. @throws FailureError `server-not-allowed` */
export function admit(address: string): void {
  const { origin, host } = new URL(address);
  if (!serverIsAllowed(address))
    throw new FailureError({ kind: 'server-not-allowed', technical: `${origin} is not in the policy`, subject: host });
  origins.add(origin);
}

/** The servers that this build's security policy lets the server worker reach. */
import { matchesSource } from './allowed-source';

declare const __SERVER_HOSTS__: readonly string[];

/** Sources as in a Content Security Policy. */
export const serverHosts: readonly string[] = __SERVER_HOSTS__;

/** Whether the policy lets this address be asked. The app's own origin always is: a proxy there needs nothing else. @param url absolute */
export const serverIsAllowed = (url: string): boolean =>
  new URL(url).origin === self.location.origin || serverHosts.some((source) => matchesSource(source, url));

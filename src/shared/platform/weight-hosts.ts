/** The hosts that this build's security policy lets weights come from. The policy is written at build time, and so is this. */
import { matchesSource } from './allowed-source';

declare const __WEIGHT_HOSTS__: readonly string[];

/** Sources as in a Content Security Policy. */
export const weightHosts: readonly string[] = __WEIGHT_HOSTS__;

/** Whether the policy lets this address be fetched. The app's own origin always is. @param url absolute */
export const hostIsAllowed = (url: string): boolean =>
  new URL(url).origin === self.location.origin || weightHosts.some((source) => matchesSource(source, url));

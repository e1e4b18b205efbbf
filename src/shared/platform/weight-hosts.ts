/** The hosts that this build's security policy lets weights come from. The policy is written at build time, and so is this. */
import { type ModelHub, officialHub, parseHub } from '../domain/model-hub';
import { matchesSource } from './allowed-source';

declare const __WEIGHT_HOSTS__: readonly string[];

/** Sources as in a Content Security Policy. */
export const weightHosts: readonly string[] = __WEIGHT_HOSTS__;

/** Whether the policy lets this address be fetched. The app's own origin always is. @param url absolute */
export const hostIsAllowed = (url: string): boolean =>
  new URL(url).origin === self.location.origin || weightHosts.some((source) => matchesSource(source, url));

/**
 * The host of models that is kept in the settings.
 * @param address empty for none @returns the official one for an address that this build does not allow any more: every download would fail
 */
export function storedHub(address: string): ModelHub {
  const hub = parseHub(address);
  return hub && hostIsAllowed(hub.origin) ? hub : officialHub;
}

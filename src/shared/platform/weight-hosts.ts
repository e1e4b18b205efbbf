/** The hosts that this build's security policy lets weights come from. The policy is written at build time, and so is this. */

declare const __WEIGHT_HOSTS__: readonly string[];

/** Sources as in a Content Security Policy: an origin, whose host may begin with "*." and whose port may be "*". */
export const weightHosts: readonly string[] = __WEIGHT_HOSTS__;

/** Whether the policy lets this address be fetched. The app's own origin always is. @param url absolute */
export function hostIsAllowed(url: string): boolean {
  const { origin, protocol, hostname, port } = new URL(url);
  if (origin === self.location.origin) return true;
  return weightHosts.some((source) => {
    const [, allowedProtocol, anyName, name = '', allowedPort = ''] =
      /^(https?:)\/\/(\*\.)?([^:]+)(?::(\d+|\*))?$/.exec(source) ?? [];
    const nameFits = anyName === undefined ? hostname === name : hostname.endsWith(`.${name}`);
    return protocol === allowedProtocol && nameFits && (allowedPort === '*' || port === allowedPort);
  });
}

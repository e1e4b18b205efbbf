/** Whether an address is of a source as a Content Security Policy names it: an origin, whose host may begin with "*." and whose port may be "*". */
export function matchesSource(source: string, url: string): boolean {
  const { protocol, hostname, port } = new URL(url);
  const [, allowedProtocol, anyName, name = '', allowedPort = ''] =
    /^(https?:)\/\/(\*\.)?([^:]+)(?::(\d+|\*))?$/.exec(source) ?? [];
  const nameFits = anyName === undefined ? hostname === name : hostname.endsWith(`.${name}`);
  return protocol === allowedProtocol && nameFits && (allowedPort === '*' || port === allowedPort);
}

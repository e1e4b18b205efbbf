const safeProtocols = new Set(['https:', 'http:', 'mailto:']);

/** The address a link may lead to; null for scripts, data, files, relative addresses and whatever is no address. */
export function safeAddress(href: string): URL | null {
  try {
    const address = new URL(href);
    return safeProtocols.has(address.protocol) ? address : null;
  } catch {
    return null;
  }
}

/** An address with more than this behind its path may carry a conversation away with it. */
const mostHarmlessLength = 100;
/** A path may well be long, but not as long as a letter. */
const mostHarmlessPath = 300;

/** True when an address carries so much that the reader should be asked before it is opened. */
export function carriesData({ search, hash, pathname, host }: URL): boolean {
  return search.length + hash.length > mostHarmlessLength || pathname.length + host.length > mostHarmlessPath;
}

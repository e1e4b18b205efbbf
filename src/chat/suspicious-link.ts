/** An address with more than this behind its path may carry a conversation away with it. */
const mostHarmlessLength = 100;

/** The address of the link that was clicked, when it carries so much data that the reader should be asked first. */
export function suspiciousLink(target: EventTarget | null): URL | null {
  const link = target instanceof Element ? target.closest('a[href]') : null;
  const address = link && URL.parse(link.getAttribute('href') ?? '');
  if (!address) return null;
  // Data fits as well into a long path, or into the name of a host.
  const carried = address.search.length + address.hash.length;
  const hidden = Math.max(0, address.pathname.length + address.host.length - 3 * mostHarmlessLength);
  return carried + hidden > mostHarmlessLength ? address : null;
}

/** What no policy can forbid, taken away or watched over. Runs before anything else of the page. */

interface NavigateEvent extends Event {
  readonly destination: { readonly url: string };
}

/** No part of Sotto uses these: what is not there cannot leak. */
const unused = ['RTCPeerConnection', 'webkitRTCPeerConnection', 'WebTransport', 'open'] as const;

/** Links to other sites open in a tab of their own, when a person clicks them; this page itself is never led away. */
function stayHere(): void {
  const { navigation } = globalThis as { readonly navigation?: EventTarget };
  navigation?.addEventListener('navigate', (event) => {
    const url = URL.parse((event as NavigateEvent).destination.url);
    if (url && /^https?:$/.test(url.protocol) && url.origin !== location.origin) event.preventDefault();
  });
}

export function guardPage(): void {
  for (const name of unused) Reflect.deleteProperty(globalThis, name);
  stayHere();
}

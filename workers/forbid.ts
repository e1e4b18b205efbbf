/**
 * Takes ways to the network out of a worker's scope. A worker whose host forgot the policy header is free to reach any server;
 * so what could carry a word of a conversation away is taken from the scope itself, before any other code runs.
 */
export function forbid(names: readonly string[]): void {
  for (const name of names) {
    Reflect.deleteProperty(self, name);
    Reflect.defineProperty(self, name, { value: undefined, configurable: false, writable: false });
  }
  if ('sendBeacon' in navigator) Reflect.defineProperty(navigator, 'sendBeacon', { value: undefined });
}

export const allButFetch = [
  'WebSocket',
  'EventSource',
  'XMLHttpRequest',
  'WebTransport',
  'RTCPeerConnection',
  'importScripts',
] as const;

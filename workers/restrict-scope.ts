/**
 * Runs before any engine code is loaded. A worker whose host forgot the policy header is free to reach any server; so what
 * could carry a word of a conversation away is taken from the scope itself. (Engine code gets its weights as Blobs.)
 */
const forbidden = [
  'fetch',
  'WebSocket',
  'EventSource',
  'XMLHttpRequest',
  'WebTransport',
  'RTCPeerConnection',
  'importScripts',
];

for (const name of forbidden) {
  Reflect.deleteProperty(self, name);
  Reflect.defineProperty(self, name, { value: undefined, configurable: false, writable: false });
}
if ('sendBeacon' in navigator) Reflect.defineProperty(navigator, 'sendBeacon', { value: undefined });

export {};

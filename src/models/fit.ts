import { formatBytes } from '../text/formatting';
import { m } from '../text/paraglide/messages.js';

/** A 32-bit WebAssembly memory ends here, on every device: weights, cache and engine together. */
const webAssemblyLimit = 4 * 1024 ** 3;
/** Up to here even an old phone has the room. */
const lightBytes = 300e6;

/** What can honestly be said before a model is loaded: its size against what the browser can hold. */
export function fitText(bytes: number): string {
  if (bytes >= webAssemblyLimit) return m.fit_too_large({ limit: formatBytes(webAssemblyLimit) });
  // Beside the weights there are the KV cache and the engine's own buffers.
  if (bytes > lightBytes) return m.fit_needs({ size: formatBytes(bytes * 1.2) });
  return m.fit_light();
}

/** How many threads the engine will have here. */
export const threadsText = (isolated: boolean): string =>
  isolated ? m.threads_many({ cores: String(navigator.hardwareConcurrency) }) : m.threads_one();

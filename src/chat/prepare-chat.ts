import { loadPart } from '../ui/load-part';

/** How long a busy page may put it off, in ms. */
const latestMs = 1000;

/**
 * Loads what the first question needs, and what most taps open, when a person first touches anything: none of it is part of the
 * first load, and the network may be gone by the time the question is sent. That touch is answered first.
 */
export function prepareChat(): void {
  const idle = globalThis.requestIdleCallback as typeof requestIdleCallback | undefined;
  // Safari has none.
  if (idle) idle(load, { timeout: latestMs });
  else setTimeout(load);
}

function load(): void {
  for (const loading of [
    loadPart(() => import('./turns/MessageList.svelte')),
    loadPart(() => import('./write-answer')),
    loadPart(() => import('./question')),
    loadPart(() => import('./context/too-long')),
    loadPart(() => import('../ui/Dialog.svelte')),
    loadPart(() => import('../ui/MenuPanel.svelte')),
    loadPart(() => import('./composer/AddMenu.svelte')),
  ] as readonly Promise<unknown>[])
    loading.catch(() => {
      // Told when it is really needed.
    });
}

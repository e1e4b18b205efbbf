import { loadPart } from '../ui/load-part';

/**
 * Loads what the first question needs, when a person first touches anything: none of it is part of the first load, and the
 * network may be gone by the time the question is sent.
 */
export function prepareChat(): void {
  for (const loading of [
    loadPart(() => import('./turns/MessageList.svelte')),
    loadPart(() => import('./write-answer')),
    loadPart(() => import('./question')),
    loadPart(() => import('./context/too-long')),
  ] as readonly Promise<unknown>[])
    loading.catch(() => {
      // Told when it is really needed.
    });
}

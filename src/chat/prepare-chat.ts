/**
 * Loads what the first question needs, when a person first touches anything: none of it is part of the first load, and the
 * network may be gone by the time the question is sent.
 */
export function prepareChat(): void {
  for (const loading of [import('./turns/MessageList.svelte'), import('./answer-writer'), import('./context/too-long')])
    loading.catch(() => {
      // Told when it is really needed.
    });
}

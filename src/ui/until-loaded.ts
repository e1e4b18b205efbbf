import { mount, unmount } from 'svelte';
import { loadPart } from './load-part';
import PartFailure from './PartFailure.svelte';

/** Loads what the page cannot begin without; as long as it does not come, `target` says so and offers to try again. */
export async function untilLoaded<T>(target: HTMLElement, load: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await loadPart(load);
    } catch (error) {
      target.replaceChildren();
      await new Promise<void>((retry) => {
        const words = mount(PartFailure, { target, props: { error, retry: () => void unmount(words).then(retry) } });
      });
    }
  }
}

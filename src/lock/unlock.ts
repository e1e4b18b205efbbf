import { mount, unmount } from 'svelte';
import type { LockStorage } from '../storage/lock-storage';
import UnlockScreen from './UnlockScreen.svelte';

/**
 * Shows the unlock screen in `target`, on a page where nothing else runs. Resolves when the storage is unlocked.
 * @param wipe deletes everything; this page ends with it
 */
export async function unlock(storage: LockStorage, target: HTMLElement, wipe: () => void): Promise<void> {
  target.replaceChildren();
  await new Promise<void>((resolve) => {
    const screen = mount(UnlockScreen, {
      target,
      props: {
        storage,
        wipe,
        unlocked: () => void unmount(screen).then(resolve),
      },
    });
  });
}

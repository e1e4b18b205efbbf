/** Builds the lock of the chats: for those who have one. */
import type { Failure } from '../shared/protocol/failure';
import { Lock } from '../lock/lock.svelte';
import type { LockStorage } from '../storage/lock-storage';
import type { PromptCache } from '../storage/prompt-cache';
import { anyTabIsBusy } from './busy-tabs';

interface LockedApp {
  readonly busy: boolean;
  settle(): Promise<void>;
  tell(failure: Failure): Promise<void>;
  promptCache(): Promise<PromptCache>;
}

export const makeLock = (app: LockedApp, storage: LockStorage): Lock =>
  new Lock({
    storage,
    settle: () => app.settle(),
    isBusy: async () => app.busy || (await anyTabIsBusy()),
    reload: () => location.reload(),
    failed: (failure) => void app.tell(failure),
    sealCaches: async (keyId) => (await app.promptCache()).sealWith(keyId),
  });

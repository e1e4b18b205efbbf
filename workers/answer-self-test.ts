/** Lets the Privacy page find out what this worker can reach. */
import { selfTestChannelName, type SelfTestMessage, type SelfTestThread } from '../src/shared/protocol/self-test';
import { tryWays, type Way } from '../src/shared/platform/self-test-ways';

/** Called by the entry of each worker that stays alive. @param more ways that only this worker has */
export function answerSelfTest(thread: SelfTestThread, more: readonly Way[] = []): void {
  if (!('BroadcastChannel' in self)) return;
  const channel = new BroadcastChannel(selfTestChannelName);
  channel.addEventListener('message', ({ data }: MessageEvent<SelfTestMessage>) => {
    if (data.type !== 'try') return;
    void tryWays(data.target, thread, more).then((rows) =>
      channel.postMessage({ type: 'tried', id: data.id, thread, rows } satisfies SelfTestMessage),
    );
  });
}

/** Entry of a thread of the CPU engine: runs the kernels over the memory that it is sent, until it is terminated. */
import './restrict-scope';
import { instantiate } from './engine/cpu/kernels';
import type { ThreadReport, ThreadTask } from './engine/cpu/threads';

const report = (message: ThreadReport): void => self.postMessage(message);

async function work({ module, memory, model, thread }: ThreadTask): Promise<void> {
  const kernels = await instantiate(module, memory);
  report('ready');
  try {
    // Comes back only when another thread has died; nothing else is ever asked of this one.
    kernels.serve(model, thread);
  } catch (error) {
    // The others are in the middle of a pass, and hear no message.
    kernels.abandon(model);
    throw error;
  }
}

self.onmessage = ({ data }: MessageEvent<ThreadTask>): void => {
  // A rejection would reach nobody outside.
  work(data).catch((error: unknown) => report({ failure: String(error) }));
};

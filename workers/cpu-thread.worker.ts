/** Entry of a thread of the CPU engine: runs the kernels over the memory that it is sent, until it is terminated. */
import './restrict-scope';
import { instantiate } from './engine/cpu/kernels';
import type { ThreadTask } from './engine/cpu/threads';

self.onmessage = ({ data: { module, memory, model, thread } }: MessageEvent<ThreadTask>): void => {
  void instantiate(module, memory).then((kernels) => {
    self.postMessage('ready');
    // Never comes back while the engine lives; nothing else is ever asked of this thread.
    kernels.serve(model, thread);
  });
};

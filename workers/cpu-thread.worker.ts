/** Entry of a thread of the CPU engine: runs the kernels over the memory that it is sent, until it is terminated. */
import './restrict-scope';
import { expose } from 'comlink';
import { instantiate } from './engine/cpu/kernels';
import type { ThreadApi } from './engine/cpu/threads';

const api: ThreadApi = {
  async begin({ module, memory, model, thread }) {
    const kernels = await instantiate(module, memory);
    // The answer goes first: nothing leaves this thread while it serves.
    setTimeout(() => {
      try {
        // Comes back only when another thread has died; nothing else is ever asked of this one.
        kernels.serve(model, thread);
      } catch (error) {
        // The others are in the middle of a pass, and hear no message.
        kernels.abandon(model);
        throw error;
      }
    });
  },
};
expose(api);

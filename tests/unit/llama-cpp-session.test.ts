/** What becomes of llama.cpp's session between a stop, a new start and a cancel, with a llama.cpp that does as it is told. */
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GenerationRequest } from '../../src/shared/protocol/engine';
import { LlamaCppEngine } from '../../workers/engine/llama-cpp/llama-cpp-engine';

// Other files have the modules that are replaced here as they are.
vi.hoisted(() => void vi.resetModules());
afterAll(() => void vi.resetModules());

const state = vi.hoisted(() => ({
  sessions: [] as { isOpen: boolean; ready: boolean }[],
  opening: Promise.resolve(),
  starting: Promise.resolve(),
  answered: 0,
}));

vi.mock('../../src/shared/platform/llama-cpp-facts', () => ({
  llamaCppFacts: () => ({ build: 'main' }),
  hasThreads: () => false,
}));
vi.mock('../../workers/gguf/check-gguf', () => ({
  checkParts: async () => ({ facts: { kvBytesPerToken: 1 }, files: [] }),
}));
vi.mock('../../workers/engine/llama-cpp/model-report', () => ({ reportOf: () => ({}) }));
vi.mock('../../workers/engine/llama-cpp/answer', () => ({ answer: async () => void (state.answered += 1) }));
vi.mock('../../workers/engine/llama-cpp/running-model', () => ({
  planModel: () => ({ contextTokens: 100, facts: { kvBytesPerToken: 1 }, llamaCpp: {} }),
  startModel: async (session: { ready: boolean }) => {
    await state.starting;
    session.ready = true;
    return { answer: '', prompt: '' };
  },
}));
vi.mock('../../workers/engine/llama-cpp/wllama-session', () => ({
  WllamaSession: {
    open: async () => {
      const session = {
        isOpen: true,
        ready: false,
        gpu: { adapter: '' },
        wllama: {
          getNumThreads: () => 1,
          // As wllama says it.
          getChatTemplate: () => {
            if (!session.ready) throw new Error('loadModel() is not yet called');
            return null;
          },
        },
        forgetLog: () => {},
        failure: (error: unknown) =>
          (error as { failure?: object }).failure ?? { kind: 'engine-crashed', technical: String(error) },
        close: async () => {
          session.isOpen = false;
        },
      };
      state.sessions.push(session);
      await state.opening;
      return session;
    },
  },
}));

const request: GenerationRequest = { turns: [{ role: 'user', content: 'Hello' }], sampling: {} } as never;
const other: GenerationRequest = { ...request, turns: [{ role: 'user', content: 'Another' }] };
const sink = { token: () => {} } as never;
const load = (engine: LlamaCppEngine, signal = new AbortController().signal) =>
  engine.load({ modelId: 'm', files: [] } as never, () => {}, signal);

beforeEach(() => {
  Object.assign(state, { sessions: [], opening: Promise.resolve(), starting: Promise.resolve(), answered: 0 });
});

describe('the engine', () => {
  it('answers a question right after a stop, while the model is being started anew', async () => {
    // Whatever is left is too much.
    const engine = new LlamaCppEngine(-1);
    await load(engine);
    await engine.generate(request, sink, new AbortController().signal);
    let started = (): void => {};
    state.starting = new Promise((resolve) => (started = resolve));
    const stop = new AbortController();
    const stopped = engine.generate(other, sink, stop.signal);
    await vi.waitFor(() => expect(state.sessions).toHaveLength(2));
    stop.abort();
    expect((await stopped).finishReason).toBe('cancelled');
    const next = engine.generate(other, sink, new AbortController().signal);
    started();
    await next;
    expect(state.answered).toBeGreaterThan(1);
  });

  it('closes the session of a load that is cancelled while it opens', async () => {
    let opened = (): void => {};
    state.opening = new Promise((resolve) => (opened = resolve));
    const cancel = new AbortController();
    const loading = load(new LlamaCppEngine(), cancel.signal);
    await vi.waitFor(() => expect(state.sessions).toHaveLength(1));
    cancel.abort();
    opened();
    await expect(loading).rejects.toMatchObject({ name: 'AbortError' });
    expect(state.sessions[0]?.isOpen).toBe(false);
  });
});

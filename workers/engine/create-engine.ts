import type { EngineKind } from '../../src/shared/protocol/engine';
import { FailureError } from '../../src/shared/protocol/failure';
import type { Engine } from './engine';
import { loadPart } from '../load-part';

/**
 * Each engine's code is loaded when it is first needed: they are large, and most visitors use one.
 * @throws FailureError `part-unreachable`
 */
export async function createEngine(kind: EngineKind): Promise<Engine> {
  switch (kind) {
    case 'cpu': {
      const { CpuEngine } = await loadPart(() => import('./cpu/cpu-engine'));
      return new CpuEngine();
    }
    case 'llama.cpp': {
      const { LlamaCppEngine } = await loadPart(() => import('./llama-cpp/llama-cpp-engine'));
      return new LlamaCppEngine();
    }
    case 'webllm': {
      const { WebLlmEngine } = await loadPart(() => import('./webllm/webllm-engine'));
      return new WebLlmEngine();
    }
    case 'server':
      // This worker reaches nobody; they are asked from one of their own.
      throw new FailureError({ kind: 'request-invalid', technical: 'a server is asked from the server worker' });
    case 'scripted': {
      const { ScriptedEngine } = await loadPart(() => import('./scripted/scripted-engine'));
      return new ScriptedEngine();
    }
  }
}

import type { EngineKind } from '../../src/contracts/engine';
import type { Engine } from './engine';
import { loadedPart } from './loaded-part';

/**
 * Each engine's code is loaded when it is first needed: they are large, and most visitors use one.
 * @throws FailureError `network-unreachable`
 */
export async function createEngine(kind: EngineKind): Promise<Engine> {
  switch (kind) {
    case 'llama.cpp': {
      const { LlamaCppEngine } = await loadedPart(import('./llama-cpp/llama-cpp-engine'));
      return new LlamaCppEngine();
    }
    case 'webllm': {
      const { WebLlmEngine } = await loadedPart(import('./webllm/webllm-engine'));
      return new WebLlmEngine();
    }
    case 'scripted': {
      const { ScriptedEngine } = await loadedPart(import('./scripted/scripted-engine'));
      return new ScriptedEngine();
    }
  }
}

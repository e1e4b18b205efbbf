import type { EngineKind } from '../../src/contracts/engine';
import type { Engine } from './engine';

/** Each engine's code is loaded when it is first needed: they are large, and most visitors use one. */
export async function createEngine(kind: EngineKind): Promise<Engine> {
  switch (kind) {
    case 'llama.cpp': {
      const { LlamaCppEngine } = await import('./llama-cpp/llama-cpp-engine');
      return new LlamaCppEngine();
    }
    case 'webllm': {
      const { WebLlmEngine } = await import('./webllm/webllm-engine');
      return new WebLlmEngine();
    }
    case 'scripted': {
      const { ScriptedEngine } = await import('./scripted/scripted-engine');
      return new ScriptedEngine();
    }
  }
}

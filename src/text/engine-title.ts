/** What an engine is called where people read of it. */
import type { EngineKind } from '../contracts/engine';
import { m } from './paraglide/messages.js';

const titles: Readonly<Record<Exclude<EngineKind, 'cpu'>, string>> = {
  'llama.cpp': 'llama.cpp',
  webllm: 'WebLLM',
  scripted: 'scripted',
};

export const engineTitle = (engine: EngineKind): string => (engine === 'cpu' ? m.engine_sotto() : titles[engine]);

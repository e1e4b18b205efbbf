/** What an engine is called where people read of it. */
import type { EngineKind } from '../shared/protocol/engine';
import { m } from './paraglide/messages.js';

const titles: Readonly<Record<Exclude<EngineKind, 'cpu' | 'server'>, string>> = {
  'llama.cpp': 'llama.cpp',
  webllm: 'WebLLM',
  scripted: 'scripted',
};

/** By itself, as in a table: "Sotto engine". */
export function engineTitle(engine: EngineKind): string {
  if (engine === 'server') return m.engine_server();
  return engine === 'cpu' ? m.engine_sotto() : titles[engine];
}

/** In a sentence: "with the Sotto engine". */
export const engineInSentence = (engine: EngineKind): string =>
  engine === 'cpu' ? m.engine_sotto_in_sentence() : engineTitle(engine);

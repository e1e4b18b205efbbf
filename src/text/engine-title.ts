/** What an engine is called where people read of it. */
import type { EngineKind } from '../shared/protocol/engine';
import { m } from './paraglide/messages.js';

const titles: Readonly<Record<Exclude<EngineKind, 'cpu'>, string>> = {
  'llama.cpp': 'llama.cpp',
  webllm: 'WebLLM',
  scripted: 'scripted',
};

/** By itself, as in a table: "Sotto engine". */
export const engineTitle = (engine: EngineKind): string => (engine === 'cpu' ? m.engine_sotto() : titles[engine]);

/** In a sentence: "with the Sotto engine". */
export const engineInSentence = (engine: EngineKind): string =>
  engine === 'cpu' ? m.engine_sotto_in_sentence() : titles[engine];

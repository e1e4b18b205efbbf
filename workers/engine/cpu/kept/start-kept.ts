import type { ReadableFile } from '../../../file-content';
import type { Sequence } from '../sequence';
import { KeptSequences } from './kept-sequences';
import { KeptStore } from './kept-store';
import { modelKeyOf } from './model-key';

/** Puts together what keeps the sequences of a model. Rejects with a DOMException where a file cannot be read any more. */
export const startKept = async (files: readonly ReadableFile[], sequence: Sequence): Promise<KeptSequences> =>
  new KeptSequences(new KeptStore(), await modelKeyOf(files), sequence);

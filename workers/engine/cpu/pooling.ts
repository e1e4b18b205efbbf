import type { Pooling } from '../../../src/shared/protocol/engine';
import type { Metadata } from '../../gguf/gguf-header';

/** llama.cpp's number for the state after the last token. Others than this and the mean belong to models of other kinds. */
const lastPooling = 3;

/** What the model was trained for, as its file says; the mean where it says nothing. */
export function poolingOf(metadata: Metadata): Pooling {
  const architecture = String(metadata.get('general.architecture'));
  return metadata.get(`${architecture}.pooling_type`) === lastPooling ? 'last' : 'mean';
}

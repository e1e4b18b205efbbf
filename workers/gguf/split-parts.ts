/** A model may come in several files, each of which says which one of how many it is. */
import { failed, FailureError, type FailureKind } from '../../src/shared/protocol/failure';
import type { GgufHeader, MetadataValue } from './gguf-header';

export interface SplitPlace {
  /** From 0. */
  readonly number: number;
  /** 1 for a model in one file. */
  readonly count: number;
}

const fail = (kind: FailureKind, technical: string): never => {
  throw new FailureError(failed(kind, technical).failure);
};

/** What one file says. Throws `file-not-gguf` where it contradicts itself. */
export function splitPlace({ metadata }: GgufHeader): SplitPlace {
  const count = wholeNumber(metadata.get('split.count'), 'split.count') ?? 1;
  const number = wholeNumber(metadata.get('split.no'), 'split.no') ?? 0;
  // Some tools write a count of 0 into files that were never split.
  if (count <= 1 && number === 0) return { number, count: 1 };
  if (number >= count) return fail('file-not-gguf', `the file is number ${number} of ${count}`);
  return { number, count };
}

function wholeNumber(value: MetadataValue | undefined, key: string): number | undefined {
  if (value === undefined || (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0)) return value;
  return fail('file-not-gguf', `${key} is ${JSON.stringify(value)?.slice(0, 100)}`);
}

/**
 * The places of the parts among the given files: `order[0]` is the index of the first part. llama.cpp wants them in order, and
 * a person who picks files gives them in any. Throws `file-missing` unless the files are every part of one model, each once.
 */
export function splitOrder(headers: readonly GgufHeader[]): number[] {
  const places = headers.map(splitPlace);
  const count = places[0]?.count ?? fail('file-missing', 'no file was given');
  const order = new Map<number, number>();
  for (const [index, place] of places.entries()) {
    if (place.count !== count) fail('file-missing', `one file is of ${count}, another of ${place.count}`);
    if (order.has(place.number)) fail('file-missing', `part ${place.number} of ${count} was given twice`);
    order.set(place.number, index);
  }
  // Numbers are below the count and none is there twice: as many as the count means all of them.
  if (places.length !== count) fail('file-missing', `the model has ${count} files, ${places.length} were given`);
  const sorted = [...order].toSorted(([one], [other]) => one - other).map(([, index]) => index);
  checkTensorCount(headers);
  return sorted;
}

function checkTensorCount(headers: readonly GgufHeader[]): void {
  const found = headers.reduce((sum, header) => sum + header.tensors, 0);
  for (const { metadata } of headers) {
    const stated = wholeNumber(metadata.get('split.tensors.count'), 'split.tensors.count');
    // Parts of different models, say of two quantisations, number themselves the same way.
    if (stated !== undefined && stated !== found) fail('file-missing', `of ${stated} tensors ${found} were given`);
  }
}

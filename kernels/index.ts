/** What the engine calls. Memory is the engine's: it lays everything out (see layout.ts), and the kernels allocate nothing. */
export { abandon, pass, serve } from './forward';
export { attentionScratchBytes } from './layer/attention';
export { keyCacheBytes, valueCacheBytes } from './layer/cache';
export { activationBytes, quantize } from './matrix/activations';
export { blockOf, fileBytesOf, groupBytesOf, packRows, readRow } from './matrix/matrix-type';
export { multiply } from './matrix/multiply';

/** Reads out of llama.cpp's exceptions and log lines which kind of failure it was. It has no error codes; its words are pinned with its version. */
import { type Failure, FailureError, failureFrom, type FailureKind } from '../../../src/shared/protocol/failure';

const kinds: readonly (readonly [RegExp, FailureKind])[] = [
  [/JSON schema|json_schema|parse grammar|initialize grammar|Unrecognized schema/i, 'schema-invalid'],
  // The Blob cannot be read any more: its file was changed or deleted.
  [/File read failed/, 'file-missing'],
  [/unknown model architecture/i, 'model-unknown-architecture'],
  [
    /unknown (pre-)?tokenizer|unknown tokenizer|unsupported vocab type|unknown pre-tokenizer type|invalid ggml type/i,
    'model-unknown-architecture',
  ],
  [
    /bad_alloc|out of memory|failed to allocate|unable to allocate|cannot allocate|cannot enlarge memory|memory access out of bounds.*grow|could not allocate/i,
    'out-of-memory',
  ],
  [
    /data is not within the file bounds|tensor .* is not within|corrupted or incomplete|unexpectedly reached end of file|failed to read/i,
    'file-truncated',
  ],
  [
    /mismatch between text model|mismatch between vision and audio|projector type|failed to load CLIP|failed to load multimodal model|mmproj/i,
    'projector-mismatch',
  ],
  [/invalid magic|bad GGUF/i, 'file-not-gguf'],
  // Its words for a tensor that is missing or has another shape, a key that is not there and the like: nothing it can run.
  [/error loading model|failed to load model/i, 'model-unknown-architecture'],
  [
    /json\.exception|assistant messages at the end|Value must be between|Failed to parse messages|Jinja|raise_exception|template|Expected 'content'|Field '/i,
    'request-invalid',
  ],
];

/** Told before anything else can fail: the engine's own binary could not be fetched or compiled, with what the browser said. */
const binarySentence = /failed to asynchronously prepare wasm: (.*)/;

/** What browsers say of a binary. Whether they can run it at all has been tried before, so most that they refuse is damaged. */
const binaryKinds: readonly (readonly [RegExp, FailureKind])[] = [
  [/NetworkError|Failed to fetch|Load failed/, 'part-unreachable'],
  [/out of memory|allocat/i, 'out-of-memory'],
  [/simd op|memory64|not enabled|LinkError/i, 'browser-outdated'],
];

/** wllama compares the versions of its script and its binary before it loads a model. */
const versionSentence = /wasm file version .* does not match/;

/** A prompt that does not fit is refused before any work, with both numbers in the sentence. */
const contextSentence = /request \((\d+) tokens\) exceeds the available context size \((\d+) tokens\)/;

/** Said when the window fills up in the middle of an answer: an end, not a failure. */
export const contextFullSentence = /context size has been exceeded|context shift is disabled/i;

/**
 * A model may say bytes that are no text, and llama.cpp cannot put them into a chunk. Such an answer is as good as ended: what
 * it said before is kept, and the next answer works.
 */
export const brokenText = (failure: Failure): boolean => failure.technical.includes('invalid UTF-8 byte');

/** Said of the bytes of a picture or a sound that its decoder does not take. */
export const unreadableMedia = (failure: Failure): boolean =>
  /failed to (load|decode|process) (image|audio|media|bitmap)|image or audio file/i.test(failure.technical);

export function llamaFailure(
  error: unknown,
  log: readonly string[],
  otherwise: FailureKind = 'engine-crashed',
): Failure {
  if (error instanceof FailureError) return error.failure;
  const told = failureFrom(error).technical;
  const technical = [told, ...log].join('\n');
  const [sentence, binary] = binarySentence.exec(technical) ?? [];
  if (sentence !== undefined && binary !== undefined) {
    // The exception itself is wllama's stumble over it, and says nothing.
    const kind = binaryKinds.find(([words]) => words.test(binary))?.[1] ?? 'engine-damaged';
    return { kind, technical: sentence };
  }
  if (versionSentence.test(told)) return { kind: 'engine-version-mismatch', technical };
  const context = contextSentence.exec(told);
  if (context) {
    return {
      kind: 'context-exceeded',
      technical: told,
      numbers: { promptTokens: Number(context[1]), contextTokens: Number(context[2]) },
    };
  }
  return { kind: kinds.find(([words]) => words.test(technical))?.[1] ?? otherwise, technical };
}

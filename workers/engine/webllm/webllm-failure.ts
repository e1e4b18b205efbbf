/** From WebLLM's exceptions to our failures. Its classes are not exported: their names and words are pinned with its version. */
import { type Failure, FailureError, failureFrom, type FailureKind } from '../../../src/shared/protocol/failure';

const windowSentence = /number of prompt tokens: (\d+);\s*context window size: (\d+)/;

/** For the plain errors of the runtime below WebLLM, which carry nothing but words. */
const kindsByWords: readonly (readonly [RegExp, FailureKind])[] = [
  [/Unable to find a compatible GPU|Cannot find WebGPU/i, 'gpu-missing'],
  [/Cannot initialize runtime because of requested|exceeds? (the )?(device )?limit|maxStorageBuffer/i, 'gpu-limits'],
  [/shader-f16|extension 'f16'|'f16' (type )?(used|is not)/i, 'gpu-lacks-f16'],
  [/out of memory|OutOfMemory|allocation failed|Array buffer allocation/i, 'gpu-out-of-memory'],
  // What is left of an engine whose device was lost under it.
  [
    /already been disposed|device (was|is) lost|DeviceLost|Device is destroyed|external Instance reference/i,
    'gpu-lost',
  ],
  // A library of another version: imports that are not there, or exports that the engine looks for in vain.
  [
    /LinkError|WebAssembly\.instantiate|Import #\d+|Cannot find (function|global function|required VM function)|PackedFunc.*not found|ResetThreadPool|_metadata/i,
    'library-mismatch',
  ],
  [/Cannot find param|param.* not (found|in)|shape mismatch|Unknown kv_state_kind/i, 'library-mismatch'],
  // The weights store has checked every byte: a file that is too short or no JSON was wrong where it came from.
  [
    /record range|exceeds shard size|Packed BF16|Unexpected (token|end)|not valid JSON|JSON input|Invalid tensor/i,
    'weights-damaged',
  ],
  [/Cannot fetch /i, 'file-missing'],
];

/** The classes of webllm.md, by their `name`. Two of them carry another's. */
const kindsByName: Readonly<Record<string, FailureKind>> = {
  WebGPUNotAvailableError: 'gpu-missing',
  WebGPUNotFoundError: 'gpu-missing',
  ShaderF16SupportError: 'gpu-lacks-f16',
  FeatureSupportError: 'gpu-limits',
  DeviceLostError: 'gpu-out-of-memory',
  GPUPipelineError: 'gpu-limits',
  GPUValidationError: 'gpu-limits',
  GPUInternalError: 'gpu-lost',
  GPUOutOfMemoryError: 'gpu-out-of-memory',
  // `MissingModelWasmError` calls itself so.
  MissingModelError: 'library-missing',
  LinkError: 'library-mismatch',
  CompileError: 'library-mismatch',
  RuntimeError: 'engine-crashed',
  ModelNotFoundError: 'model-not-loaded',
  ModelNotLoadedError: 'model-not-loaded',
  SpecifiedModelNotFoundError: 'model-not-loaded',
  UnclearModelToUseError: 'model-not-loaded',
  IncorrectPipelineLoadedError: 'model-unknown-architecture',
  EmbeddingUnsupportedModelError: 'model-unknown-architecture',
  UnsupportedTokenizerFilesError: 'model-config-broken',
  ConfigurationNotInitializedError: 'model-config-broken',
  ArtifactManifestError: 'model-config-broken',
  WindowSizeConfigurationError: 'model-config-broken',
  WindowSizeSpecificationError: 'model-config-broken',
  AttentionSinkSizeError: 'model-config-broken',
  IntegrityError: 'weights-damaged',
  ReloadArgumentSizeUnmatchedError: 'unexpected',
  ReloadModelIdNotUniqueError: 'unexpected',
  MinValueError: 'request-invalid',
  NonNegativeError: 'request-invalid',
  // WebLLM's own class, not the language's: for a number outside of its range.
  RangeError: 'request-invalid',
  InvalidNumberStringError: 'request-invalid',
  DependencyError: 'request-invalid',
  MessageOrderError: 'request-invalid',
  SystemMessageOrderError: 'request-invalid',
  ContentTypeError: 'request-invalid',
  UnsupportedRoleError: 'request-invalid',
  UserMessageContentErrorForNonVLM: 'request-invalid',
  UnsupportedContentPartError: 'request-invalid',
  MultipleTextContentError: 'request-invalid',
  StreamingCountError: 'request-invalid',
  SeedTypeError: 'request-invalid',
  InvalidStreamOptionsError: 'request-invalid',
  UnsupportedFieldsError: 'request-invalid',
  UnsupportedModelIdError: 'request-invalid',
  CustomSystemPromptError: 'request-invalid',
  TextCompletionExpectsKVEmptyError: 'engine-crashed',
  InvalidResponseFormatError: 'schema-invalid',
  InvalidResponseFormatGrammarError: 'schema-invalid',
  InvalidResponseFormatStructuralTagError: 'schema-invalid',
  CustomResponseFormatError: 'schema-invalid',
  GrammarMatcherInitError: 'schema-invalid',
  ContextWindowSizeExceededError: 'context-exceeded',
};

/** Names that say nothing where the words say more. */
const vagueNames: ReadonlySet<string> = new Set(['Error', 'TypeError', 'OperationError', 'AbortError', 'RuntimeError']);

/**
 * @param error whatever was thrown: WebLLM also throws texts
 * @param loading whether it was thrown by a load, in which the allocation of memory is what fails
 */
export function webLlmFailure(error: unknown, loading: boolean): Failure {
  if (error instanceof FailureError) return error.failure;
  const technical = failureFrom(error).technical;
  const name = error instanceof Error ? error.name : '';
  const kind = kindOf(name, technical);
  if (kind === 'context-exceeded') return contextExceeded(technical);
  return { kind: loading ? (kindsOfLoads[`${name}: ${kind}`] ?? kindsOfLoads[kind] ?? kind) : kind, technical };
}

/** The same errors mean something else while a model loads. */
const kindsOfLoads: Readonly<Record<string, FailureKind>> = {
  // What was disposed in the middle of a load was so because its memory could not be had.
  'gpu-lost': 'gpu-out-of-memory',
  // The engine reaches for what a library of its version would have: a memory, a function.
  'TypeError: engine-crashed': 'library-mismatch',
};

function kindOf(name: string, technical: string): FailureKind {
  const named = kindsByName[name];
  const byWords = kindsByWords.find(([words]) => words.test(technical))?.[1];
  // A pipeline fails for want of 16 bits, or of something else: only its words tell.
  if (name === 'GPUPipelineError' || name === 'FeatureSupportError') return byWords ?? named ?? 'engine-crashed';
  if (named !== undefined && !vagueNames.has(name)) return named;
  return byWords ?? named ?? 'engine-crashed';
}

function contextExceeded(technical: string): Failure {
  const [, prompt, context] = windowSentence.exec(technical) ?? [];
  return {
    kind: 'context-exceeded',
    technical,
    ...(prompt !== undefined && {
      numbers: { promptTokens: Number(prompt), contextTokens: Number(context) },
    }),
  };
}

/** Every error that WebLLM documents, and what a person is told of it. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FailureError, type FailureKind } from '../../src/shared/protocol/failure';
import { webLlmFailure } from '../../workers/engine/webllm/webllm-failure';

const named = (name: string, message = 'x'): Error => Object.assign(new Error(message), { name });

/** What webllm.md lists, by name. */
const expected: readonly (readonly [string, FailureKind])[] = [
  ['ModelNotFoundError', 'model-not-loaded'],
  ['MissingModelError', 'library-missing'],
  ['WebGPUNotAvailableError', 'gpu-missing'],
  ['ShaderF16SupportError', 'gpu-lacks-f16'],
  ['FeatureSupportError', 'gpu-limits'],
  ['UnsupportedTokenizerFilesError', 'model-config-broken'],
  ['WindowSizeConfigurationError', 'model-config-broken'],
  ['WindowSizeSpecificationError', 'model-config-broken'],
  ['AttentionSinkSizeError', 'model-config-broken'],
  ['MinValueError', 'request-invalid'],
  ['ArtifactManifestError', 'model-config-broken'],
  ['IntegrityError', 'weights-damaged'],
  ['ReloadArgumentSizeUnmatchedError', 'unexpected'],
  ['ReloadModelIdNotUniqueError', 'unexpected'],
  ['DeviceLostError', 'gpu-out-of-memory'],
  ['ModelNotLoadedError', 'model-not-loaded'],
  ['SpecifiedModelNotFoundError', 'model-not-loaded'],
  ['UnclearModelToUseError', 'model-not-loaded'],
  ['IncorrectPipelineLoadedError', 'model-unknown-architecture'],
  ['MessageOrderError', 'request-invalid'],
  ['SystemMessageOrderError', 'request-invalid'],
  ['ContentTypeError', 'request-invalid'],
  ['UserMessageContentErrorForNonVLM', 'request-invalid'],
  ['UnsupportedContentPartError', 'request-invalid'],
  ['StreamingCountError', 'request-invalid'],
  ['SeedTypeError', 'request-invalid'],
  ['InvalidStreamOptionsError', 'request-invalid'],
  ['InvalidResponseFormatError', 'schema-invalid'],
  ['InvalidResponseFormatGrammarError', 'schema-invalid'],
  ['InvalidResponseFormatStructuralTagError', 'schema-invalid'],
  ['GrammarMatcherInitError', 'schema-invalid'],
  ['UnsupportedModelIdError', 'request-invalid'],
  ['ContextWindowSizeExceededError', 'context-exceeded'],
  ['UnsupportedFieldsError', 'request-invalid'],
  // WebLLM's own, and a number outside of its range.
  ['RangeError', 'request-invalid'],
];

describe('the errors of WebLLM', () => {
  it.each(expected)('have a kind each: %s is %s', (name, kind) => {
    expect(webLlmFailure(named(name), false).kind).toBe(kind);
  });

  it('are all thought of: none of the installed package comes out as a crash', () => {
    const source = readFileSync('node_modules/@mlc-ai/web-llm/lib/index.js', 'utf8');
    const names = new Set([...source.matchAll(/this\.name = "(\w+Error\w*)"/g)].map(([, name]) => name ?? ''));
    expect(names.size).toBeGreaterThan(50);
    // What a chat from a dedicated worker, with text only, cannot meet.
    const elsewhere =
      /Worker|ServiceWorker|Embedding|Image|Audio|ToolCall|JSONField|MessageKind|TextCompletionConversation|Resumable|Checkpoint|CrossContext|UnsupportedDetail|ConfigValue/;
    const crashes = [...names].filter(
      (name) => !elsewhere.test(name) && webLlmFailure(named(name), false).kind === 'engine-crashed',
    );
    expect(crashes).toEqual(['TextCompletionExpectsKVEmptyError']);
  });
});

describe('errors that carry nothing but words', () => {
  it.each([
    ["Unable to find a compatible GPU. This issue might be because your computer doesn't have a GPU", 'gpu-missing'],
    ['Cannot initialize runtime because of requested maxComputeWorkgroupStorageSize exceeds limit.', 'gpu-limits'],
    ["Error while parsing WGSL: extension 'f16' is not allowed in the current environment", 'gpu-lacks-f16'],
    ['Object has already been disposed', 'gpu-lost'],
    ['Module has already been disposed', 'gpu-lost'],
    ['Cannot find required VM function `prefill`. Available candidate functions: (none)', 'library-mismatch'],
    ['Tensor-cache record range [0, 99] exceeds shard size 10', 'weights-damaged'],
    ['Packed BF16 record has 3 bytes, but shape requires 4', 'weights-damaged'],
    ['something nobody has seen', 'engine-crashed'],
  ] as const)('%s', (message, kind) => {
    expect(webLlmFailure(new Error(message), false)).toMatchObject({ kind, technical: `Error: ${message}` });
  });

  it('of WebAssembly and the GPU are known by their classes', () => {
    const link = 'WebAssembly.instantiate(): Import #3 "env" "TVMFFIEnv": function import requires a callable';
    expect(webLlmFailure(named('LinkError', link), true).kind).toBe('library-mismatch');
    expect(webLlmFailure(named('GPUPipelineError', 'validation'), true).kind).toBe('gpu-limits');
    expect(webLlmFailure(named('GPUPipelineError', "'f16' type used without 'f16' extension"), true).kind).toBe(
      'gpu-lacks-f16',
    );
  });

  it('may be texts', () => {
    expect(webLlmFailure('Engine.unload() is called.', false)).toEqual({
      kind: 'engine-crashed',
      technical: 'Engine.unload() is called.',
    });
  });

  it('of a library that has not what the engine reaches for', () => {
    const error = new TypeError("Cannot read properties of undefined (reading 'buffer')");
    expect(webLlmFailure(error, true).kind).toBe('library-mismatch');
    expect(webLlmFailure(error, false).kind).toBe('engine-crashed');
  });

  it('of a load that lost its device are a want of memory', () => {
    expect(webLlmFailure(new Error('Object has already been disposed'), true).kind).toBe('gpu-out-of-memory');
  });
});

it('a prompt that is too long comes with both numbers', () => {
  const message =
    'Prompt tokens exceed context window size: number of prompt tokens: 5000; context window size: 4096\nConsider shortening';
  expect(webLlmFailure(named('ContextWindowSizeExceededError', message), false)).toMatchObject({
    kind: 'context-exceeded',
    numbers: { promptTokens: 5000, contextTokens: 4096 },
  });
});

it('our own failures stay what they are', () => {
  const failure = { kind: 'library-missing', technical: 'x' } as const;
  expect(webLlmFailure(new FailureError(failure), true)).toBe(failure);
});

/** A model at work: its weights in the kernels' memory, its threads, its text, and the sequence that it has read. */
import type { Pooling } from '../../../src/shared/protocol/engine';
import type { GgufFacts } from '../../../src/shared/domain/gguf';
import { hasThreads } from '../../../src/shared/platform/llama-cpp-facts';
import { checkParts } from '../../gguf/check-gguf';
import { readContents } from '../../gguf/gguf-contents';
import { chooseThreads, smallModelParameters } from '../choose-threads';
import { loadPart } from '../../load-part';
import type { EngineLoad, ReportLoad } from '../engine';
import { architectureOf } from './architecture';
import { Breath } from './breath';
import { CpuModel } from './cpu-model';
import { poolingOf } from './pooling';
import { compileKernels, type KernelBuild } from './kernels';
import { PassTimes } from './pass-times';
import { Grammars } from './sampling/grammar';
import { LookupGauge } from './sampling/lookup-gauge';
import type { KeptSequences } from './kept/kept-sequences';
import { LeftSequences } from './left-sequences';
import { Sequence } from './sequence';
import { ChatTemplate } from './text/chat-template';
import { Prompts } from './text/prompts';
import { type CpuTokenizer, tokenizerOf } from './text/tokenizer';
import { Threads } from './threads';

/** How much memory may lie idle in caches of conversations that were left, in bytes. */
const mostLeftBytes = 256 * 1024 ** 2;

/** Where nobody says how long the window is to be: a longer one takes memory that most conversations never use. */
const usualContextTokens = 4096;

export interface RunningModel {
  readonly facts: GgufFacts;
  readonly model: CpuModel;
  readonly kernelBuild: KernelBuild;
  readonly tokenizer: CpuTokenizer;
  readonly prompts: Prompts;
  readonly sequence: Sequence;
  readonly breath: Breath;
  readonly pooling: Pooling;
  /** What is kept on the device; absent for a model that reads quickly or remembers a state, and where it cannot be kept. */
  readonly kept: KeptSequences | undefined;
  /** What guesses are worth here, and what they cost. */
  readonly gauge: LookupGauge;
  readonly passTimes: PassTimes;
  readonly grammars: Grammars;
  /** Gives everything back. */
  end(): void;
}

/**
 * @throws FailureError `model-unknown-architecture` before anything large is read, where another engine is wanted; and what is
 * wrong with a file, the template, the memory or the browser
 */
export async function loadModel(
  request: EngineLoad,
  progress: ReportLoad,
  signal: AbortSignal,
  leastKept: number,
): Promise<RunningModel> {
  const { facts, files: given, projector } = await checkParts(request.files.map(({ content }) => content));
  // A person may have chosen this engine for a model that sees: it reads text with it.
  const files = given.filter((file) => file !== projector?.file);
  signal.throwIfAborted();
  const kernels = compileKernels(hasThreads());
  // Whoever does not come to await it must not leave an unhandled failure behind.
  kernels.catch(() => undefined);
  const contents = await readContents(files);
  const { contextTokens: ownWindow } = architectureOf(contents);
  const tokenizer = tokenizerOf(contents.metadata);
  const template = ChatTemplate.from(contents.metadata, tokenizer);
  signal.throwIfAborted();

  const compiled = await kernels;
  const wanted = {
    contextTokens: request.contextTokens ?? Math.min(ownWindow, usualContextTokens),
    byteCache: usesByteCache(request, facts),
    threads: chooseThreads(facts, request.threads, navigator.hardwareConcurrency, compiled.shared),
  };
  const tell = (loadedBytes: number, totalBytes: number): void =>
    progress({ phase: 'reading', loadedBytes, totalBytes, fraction: totalBytes > 0 ? loadedBytes / totalBytes : 0 });
  const model = await CpuModel.load(contents, wanted, compiled, tell, signal);
  const threads = await Threads.start(model.options.threads - 1, {
    module: compiled.module,
    memory: model.memory,
    model: model.address,
  });
  const breath = new Breath();
  const grammars = new Grammars(tokenizer, [...tokenizer.endTokens], model.architecture.vocabulary);
  const end = (): void => {
    grammars.dispose();
    threads.end();
    breath.end();
  };
  if (signal.aborted) {
    end();
    signal.throwIfAborted();
  }
  const sequence = new Sequence(model, breath, new LeftSequences(mostLeftBytes));
  // Keys and values alone are not all that a model with a state has read.
  const isKept = facts.parameters >= leastKept && model.options.byteCache && model.stateBytes === 0;
  const kept = isKept ? await keptFor(request, sequence) : undefined;
  return {
    facts,
    model,
    kernelBuild: compiled.build,
    tokenizer,
    prompts: new Prompts(template, tokenizer, breath),
    sequence,
    breath,
    pooling: poolingOf(contents.metadata),
    kept,
    gauge: new LookupGauge(),
    passTimes: new PassTimes(),
    grammars,
    end,
  };
}

/** Its code comes only for those who need it, and no model fails to load without it. */
async function keptFor({ files }: EngineLoad, sequence: Sequence): Promise<KeptSequences | undefined> {
  // Without HTTPS there is no cryptography.
  if (!('indexedDB' in globalThis) || !isSecureContext) return undefined;
  try {
    const { startKept } = await loadPart(() => import('./kept/start-kept'));
    return await startKept(files, sequence);
  } catch {
    return undefined;
  }
}

/** Eight bits are as fast, a quarter of the size, and change the answers of a large model less than its weights' own do. */
const usesByteCache = ({ kvCache }: EngineLoad, { parameters }: GgufFacts): boolean =>
  kvCache === 'q8_0' || parameters >= smallModelParameters;

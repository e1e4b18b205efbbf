/**
 * All that is used of WebLLM beyond its interface, in one place. A test holds these names against the installed package; where
 * one is missing all the same, what depends on it is left out: progress of a prompt, exact counts, early stopping.
 */
interface Tokenizer {
  encode(text: string): ArrayLike<number>;
  idToToken(id: number): string;
}

/** `LLMChatPipeline` of the package. */
interface Pipeline {
  readonly tokenizer?: Partial<Tokenizer>;
  readonly fullVocabSize?: unknown;
  readonly filledKVCacheLength?: unknown;
  readonly contextWindowSize?: unknown;
  readonly slidingWindowSize?: unknown;
  readonly prefillChunkSize?: unknown;
  readonly getCurRoundCompletionTotalTokens?: () => unknown;
  embedAndForward?: (data: unknown, tokens: number) => Promise<unknown>;
  readonly sync?: () => Promise<void>;
  readonly config?: Record<string, unknown>;
  readonly prefillTotalTokens?: unknown;
  readonly prefillTotalTime?: unknown;
  readonly decodingTotalTokens?: unknown;
  readonly decodingTotalTime?: unknown;
}

/** Names that the test looks for in the package. */
export const internalNames = {
  engine: ['loadedModelIdToPipeline'],
  pipeline: [
    'tokenizer',
    'fullVocabSize',
    'filledKVCacheLength',
    'contextWindowSize',
    'slidingWindowSize',
    'prefillChunkSize',
    'getCurRoundCompletionTotalTokens',
    'embedAndForward',
    'sync',
    'config',
    'prefillTotalTokens',
    'prefillTotalTime',
    'decodingTotalTokens',
    'decodingTotalTime',
  ],
  tokenizer: ['encode', 'idToToken'],
} as const;

/** What the package counted since its last reset. */
export interface PipelineStats {
  readonly prefillTokens: number;
  readonly prefillSeconds: number;
  readonly decodeTokens: number;
  readonly decodeSeconds: number;
}

/** Raw steps take these from the model's config, where some may be missing, which the package does not accept. */
const greedy = { temperature: 0, top_p: 1, repetition_penalty: 1, frequency_penalty: 0, presence_penalty: 0 };

export interface PrefillListener {
  /** Before each piece of a prompt. Throws to end it. */
  before(): void;
  /** @param reused tokens that were in the KV cache when the prompt began @param processed of this prompt, so far */
  after(reused: number, processed: number): void;
}

const numberOrNull = (value: unknown): number | null => (typeof value === 'number' ? value : null);

export class EngineInternals {
  readonly #pipeline: Pipeline | null;
  #prefill: PrefillListener | null = null;
  #begunAt: number | null = null;

  constructor(engine: object, modelId: string) {
    const pipelines: unknown = Reflect.get(engine, 'loadedModelIdToPipeline');
    this.#pipeline = pipelines instanceof Map ? ((pipelines.get(modelId) as Pipeline | undefined) ?? null) : null;
    this.#wrapForward();
  }

  /** Whether a model is loaded: `reload` resolves for loads that were ended, too. Unknown counts as yes. */
  static holds(engine: object, modelId: string): boolean {
    const pipelines: unknown = Reflect.get(engine, 'loadedModelIdToPipeline');
    return !(pipelines instanceof Map) || pipelines.has(modelId);
  }

  /** Null where the tokenizer cannot be reached. */
  encode(text: string): number[] | null {
    const { tokenizer } = this.#pipeline ?? {};
    return typeof tokenizer?.encode === 'function' ? Array.from(tokenizer.encode(text)) : null;
  }

  /** How many logits there are; null where it cannot be told. */
  get vocabularySize(): number | null {
    return numberOrNull(this.#pipeline?.fullVocabSize);
  }

  /** Tokens of all pieces; null where the tokenizer cannot be reached. */
  count(pieces: readonly string[]): number | null {
    let tokens = 0;
    for (const piece of pieces) {
      const encoded = this.encode(piece);
      if (encoded === null) return null;
      tokens += encoded.length;
    }
    return tokens;
  }

  /** The text that becomes this token again, null where it cannot be told. */
  tokenText(id: number): string | null {
    const { tokenizer } = this.#pipeline ?? {};
    const text = typeof tokenizer?.idToToken === 'function' ? tokenizer.idToToken(id) : null;
    const back = text === null ? null : this.encode(text);
    return back?.length === 1 && back[0] === id ? text : null;
  }

  /** Tokens of the running answer, the end-of-turn token included. */
  get completionTokens(): number | null {
    return numberOrNull(this.#pipeline?.getCurRoundCompletionTotalTokens?.());
  }

  /** Tokens in the KV cache. */
  get filledTokens(): number | null {
    return numberOrNull(this.#pipeline?.filledKVCacheLength);
  }

  /** What was really allotted; null for a sliding window, which is never full. */
  get contextTokens(): number | null {
    const tokens = numberOrNull(this.#pipeline?.contextWindowSize);
    return tokens !== null && tokens > 0 ? tokens : null;
  }

  get slidingTokens(): number | null {
    const tokens = numberOrNull(this.#pipeline?.slidingWindowSize);
    return tokens !== null && tokens > 0 ? tokens : null;
  }

  /** Prompt tokens that are read in one go. */
  get prefillChunkTokens(): number | null {
    return numberOrNull(this.#pipeline?.prefillChunkSize);
  }

  /** Null where they cannot be told. */
  get stats(): PipelineStats | null {
    const { prefillTotalTokens, prefillTotalTime, decodingTotalTokens, decodingTotalTime } = this.#pipeline ?? {};
    const [prefillTokens, prefillSeconds] = [numberOrNull(prefillTotalTokens), numberOrNull(prefillTotalTime)];
    const [decodeTokens, decodeSeconds] = [numberOrNull(decodingTotalTokens), numberOrNull(decodingTotalTime)];
    if (prefillTokens === null || prefillSeconds === null || decodeTokens === null || decodeSeconds === null)
      return null;
    return { prefillTokens, prefillSeconds, decodeTokens, decodeSeconds };
  }

  /** Raw steps of `work` take the likeliest token, whatever the model's makers recommend. */
  async greedily<T>(work: () => Promise<T>): Promise<T> {
    const config = this.#pipeline?.config;
    if (!config) return work();
    const own = { ...config };
    Object.assign(config, greedy);
    try {
      return await work();
    } finally {
      for (const name of Object.keys(greedy)) {
        if (name in own) config[name] = own[name];
        else Reflect.deleteProperty(config, name);
      }
    }
  }

  /** Listens to the pieces of the prompt that `work` evaluates. */
  async duringPrefill<T>(listener: PrefillListener, work: () => Promise<T>): Promise<T> {
    this.#prefill = listener;
    this.#begunAt = null;
    try {
      return await work();
    } finally {
      this.#prefill = null;
    }
  }

  /** The prompt has been read; what follows are single tokens. */
  prefillEnded(): void {
    this.#prefill = null;
  }

  #wrapForward(): void {
    const pipeline = this.#pipeline;
    const forward = pipeline?.embedAndForward;
    if (!pipeline || typeof forward !== 'function') return;
    pipeline.embedAndForward = async (data, tokens): Promise<unknown> => {
      const listener = this.#prefill;
      if (listener === null) return forward.call(pipeline, data, tokens);
      const filled = this.filledTokens ?? 0;
      this.#begunAt ??= filled;
      listener.before();
      const result = await forward.call(pipeline, data, tokens);
      // The GPU has only been given the work: without waiting, all of a long prompt would be queued, and nothing could stop it.
      await pipeline.sync?.();
      listener.after(this.#begunAt, filled - this.#begunAt + tokens);
      return result;
    };
  }
}

/** What the header of a GGUF model tells, before its gigabytes are fetched or loaded. Stored: no name of a field can change. */
export interface GgufFacts {
  /** As llama.cpp names it: `qwen2`, `qwen3`, `llama`… */
  readonly architecture: string;
  readonly name?: string;
  /** The window the model was trained for, in tokens; absent where the file does not say. */
  readonly contextTokens?: number;
  readonly layers: number;
  /** Count of tokens in the vocabulary. */
  readonly vocabulary: number;
  readonly parameters: number;
  /** The name of the file type ("Q4_K_M"), or of the type that most of the weights have; absent where neither is known. */
  readonly quantisation?: string;
  /** Bytes of all tensors. */
  readonly tensorBytes: number;
  /** What one token of context costs in a 16-bit KV cache, in bytes; 0 where the file does not say. */
  readonly kvBytesPerToken: number;
  /** What of the weights takes part in one token; absent in what was noted before this was read. */
  readonly perToken?: TokenUse;
  readonly hasChatTemplate: boolean;
  /** Whether it answers with one vector for a whole text instead of a next token; absent where the file does not say. */
  readonly pooled?: boolean;
  /** As the file states it, which is no promise; absent where it does not. */
  readonly licence?: string;
  /** Of how many files the model consists: more than 1 for a split GGUF. */
  readonly splitCount: number;
}

/** What the weights of a model cost for each token: exactly, by the table of tensors. */
export interface TokenUse {
  /** Bytes of the tensors that are read for one token. */
  readonly bytes: number;
  readonly parameters: number;
  /** The output layer is the table of embeddings. */
  readonly tiedEmbeddings: boolean;
  /** Of a mixture: how many experts answer each token. */
  readonly experts?: { readonly used: number; readonly of: number };
}

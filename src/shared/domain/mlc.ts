/** What the files of an MLC model tell, before its gigabytes are fetched or loaded. Stored: no name of a field can change. */
export interface MlcFacts {
  /** As MLC names it: `qwen2`, `qwen3`, `llama`… */
  readonly architecture: string;
  /** "q4f16_1"; empty where the files do not say. */
  readonly quantisation: string;
  /** The window the model was trained for, in tokens; absent where the files do not say. */
  readonly contextTokens?: number;
  readonly layers: number;
  /** Count of tokens in the vocabulary. */
  readonly vocabulary: number;
  readonly parameters: number;
  /** Bytes of all tensors as they lie on the GPU. */
  readonly tensorBytes: number;
  /** Of these, the largest: a GPU has to take it in one piece. */
  readonly largestTensorBytes: number;
  /** What one token of context costs in the KV cache, in bytes; 0 where the files do not say. */
  readonly kvBytesPerToken: number;
}

/** The compiled program of an MLC model, one of its files. */
export interface MlcLibrary {
  /** Of the manifest's files. */
  readonly path: string;
  /** The version of WebLLM that it was compiled for, "0.2.86"; absent where its address does not say. */
  readonly webLlmVersion?: string;
  /** Its published address, by which it is known, wherever it was fetched from. */
  readonly address?: string;
}

/** Whether a file is a compiled library, by its name: the one rule for it, since a model without one never runs. */
export const isLibraryPath = (path: string): boolean => /\.wasm$/i.test(path);

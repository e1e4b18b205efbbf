/**
 * Where in memory the engine writes down what a model is made of, for the kernels to read: one list of 32-bit fields for the
 * model, and one for each layer behind it. Read by both sides, so it must be TypeScript and AssemblyScript alike.
 */

/** Fields of the model, counted in 32-bit words. Addresses are bytes; lengths are counts of numbers. */
export enum ModelField {
  /** Address of the threads' shared state (see threads.ts). */
  Threads,
  Layers,
  /** Numbers of the residual stream. */
  Width,
  Heads,
  KvHeads,
  HeadLength,
  /** Of these, how many are turned by their position. */
  RopeLength,
  /** 1 where neighbors are turned together, 0 where the halves of a head are. */
  RopeNeighbors,
  FeedForward,
  Vocabulary,
  /** Positions that the cache has room for, a multiple of 32. */
  Capacity,
  /** 1 for keys and values in eight bits, 0 for floats. */
  ByteCache,
  /** 0 for SiLU, 1 for GELU. */
  Activation,
  /** Floats: the small number of the norms; what scores are multiplied with; 0 or a soft limit of scores and of logits. */
  Epsilon,
  ScoreScale,
  ScoreLimit,
  LogitLimit,
  /** Floats that embeddings, what layers add, and logits are multiplied with. */
  EmbeddingScale,
  ResidualScale,
  LogitScale,
  /** Matrices: type, address, bias. */
  Embedding,
  EmbeddingAddress,
  EmbeddingBias,
  Output,
  OutputAddress,
  OutputBias,
  OutputNorm,
  /** Double-precision bases of the two rotations, in two words each, and their factors; the second is for local layers. */
  RopeBase,
  RopeBaseHigh,
  RopeFactors,
  LocalRopeBase,
  LocalRopeBaseHigh,
  /** Addresses of what a pass writes. */
  Tokens,
  RopeTables,
  Residual,
  Normed,
  Blocks32,
  Blocks256,
  Query,
  Key,
  Value,
  QueryRecords,
  Attended,
  Added,
  Gate,
  Up,
  Logits,
  /** One stretch for each thread. */
  Scratch,
  ScratchBytes,
  /** The pass itself: tokens, the position of the first, layers from and up to, how many of the last tokens get logits. */
  Count,
  Position,
  FromLayer,
  ToLayer,
  LogitCount,
  Length,
}

/** Fields of a layer. A matrix has three: type, address, and the address of its bias or 0. */
export enum LayerField {
  AttentionNorm,
  Query,
  QueryAddress,
  QueryBias,
  Key,
  KeyAddress,
  KeyBias,
  Value,
  ValueAddress,
  ValueBias,
  Output,
  OutputAddress,
  OutputBias,
  /** 0 where a model has none. */
  QueryNorm,
  KeyNorm,
  PostAttentionNorm,
  FeedForwardNorm,
  Gate,
  GateAddress,
  GateBias,
  Up,
  UpAddress,
  UpBias,
  Down,
  DownAddress,
  DownBias,
  PostFeedForwardNorm,
  KeyCache,
  ValueCache,
  /** Of values in eight bits. */
  ValueScales,
  /** Positions that a token looks back to; 0 for all. */
  Window,
  Length,
}

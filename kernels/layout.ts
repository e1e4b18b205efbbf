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
  /** 1 where each query head has as many numbers behind it that gate what its attention comes to. */
  GatedAttention,
  /** Layers of linear attention: heads of queries and keys, heads of values, the numbers of each, and the taps of the convolution. */
  DeltaKeyHeads,
  DeltaValueHeads,
  DeltaLength,
  DeltaTaps,
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
  /** Of layers of linear attention: queries, keys and values side by side; what gates their results; two numbers for each head. */
  Mixed,
  MixedGate,
  Beta,
  Decay,
  /** All that these layers remember: as it was before the pass, and as it is behind it. */
  StateFrom,
  StateTo,
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
  /** 1 for a layer of linear attention. It has these instead of queries, keys, values and their caches. */
  IsDelta,
  Mixed,
  MixedAddress,
  MixedBias,
  MixedGate,
  MixedGateAddress,
  MixedGateBias,
  Beta,
  BetaAddress,
  BetaBias,
  Decay,
  DecayAddress,
  DecayBias,
  /** A number for each head of values. */
  DecayRate,
  /** [tap][channel] */
  Convolution,
  StateNorm,
  /** Where in all that is remembered the part of this layer begins, in bytes. */
  State,
  Length,
}

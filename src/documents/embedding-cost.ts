/** What searching by meaning costs, as it is told before it is begun. */

/** Of the models that can make vectors of texts, the one that most devices can bear. Its download is on the Models screen. */
export const suggestedEmbedder = { name: 'Qwen3-Embedding 0.6B', bytes: 639_150_592 } as const;

/** Time for the vector of a passage of 400 tokens by that model on the CPU of a usual laptop, in ms. */
const msPerPassage = 2500;

/** About how long it takes until all passages have vectors, in ms. */
export const vectorsMs = (passages: number): number => passages * msPerPassage;

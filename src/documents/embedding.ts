/** Vectors of texts, by a small model beside the one of the chat. */
import type { SideEngine } from '../engine/side-engine';
import type { LoadRequest } from '../shared/protocol/engine';
import { failureFrom, type Result } from '../shared/protocol/failure';
import type { EmbedderChoice } from './documents-api';
import { wordsBefore, type TextRole } from './embedding-words';

/** Embedding models of this device; the app knows where they are. */
export interface EmbedderModels {
  list(): Promise<readonly EmbedderChoice[]>;
  /** How it is loaded; the failure `weights-incomplete` where it is not here any more. */
  request(embedder: EmbedderChoice): Promise<Result<LoadRequest>>;
  sideEngine(): Promise<SideEngine>;
}

/** A text that the window does not hold is tried again with this share of it. */
const shorter = 0.6;

export class Embedding {
  #jobs = 0;

  constructor(private readonly models: EmbedderModels) {}

  list(): Promise<readonly EmbedderChoice[]> {
    return this.models.list();
  }

  /**
   * A vector of length 1 for each text, in their order. Ended by the signal, within a second, with `cancelled`. What the window of
   * the model does not hold is left out at the end. Never rejects.
   */
  async embed(
    embedder: EmbedderChoice,
    role: TextRole,
    texts: readonly string[],
    signal?: AbortSignal,
  ): Promise<Result<readonly Float32Array[]>> {
    try {
      const request = await this.models.request(embedder);
      if (!request.ok) return request;
      const before = wordsBefore(embedder.name, role);
      const engine = await this.models.sideEngine();
      return await engine.use(
        request.value,
        (client) =>
          this.#vectors(
            client,
            texts.map((text) => before + text),
            signal,
          ),
        signal,
      );
    } catch (error) {
      return { ok: false, failure: failureFrom(error) };
    }
  }

  async #vectors(
    client: SideEngine['client'],
    texts: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<Result<readonly Float32Array[]>> {
    const jobId = `embed-${++this.#jobs}`;
    const stop = (): void => void client.cancel(jobId);
    signal?.addEventListener('abort', stop);
    try {
      const vectors = await client.embed({ jobId, texts });
      if (vectors.ok || vectors.failure.kind !== 'context-exceeded') return vectors;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
    const single = texts[0];
    if (texts.length === 1 && single !== undefined) {
      if (single.length < 50) return { ok: true, value: [] };
      return this.#vectors(client, [single.slice(0, Math.floor(single.length * shorter))], signal);
    }
    // One of them is too long; the others are not to suffer from it.
    const found: Float32Array[] = [];
    for (const text of texts) {
      const vector = await this.#vectors(client, [text], signal);
      if (!vector.ok) return vector;
      found.push(...vector.value);
    }
    return { ok: true, value: found };
  }
}

/** What makes tokens less, or more, likely whatever the model says: penalties for what was just said, and a bias by token. */

/** Tokens that are looked back on: the default of llama.cpp, which counts the end of the prompt as well. */
export const penaltyWindow = 64;

/** A penalty of 0 divides by it. The result still has to be a number that others can be compared with. */
const farthest = 1e30;

export interface PenaltySettings {
  readonly repeatPenalty: number;
  readonly presencePenalty: number;
  readonly frequencyPenalty: number;
  readonly logitBias: ReadonlyMap<number, number>;
}

export class Penalties {
  readonly #recent = new Int32Array(penaltyWindow);
  readonly #counts = new Map<number, number>();
  readonly #penalizes: boolean;
  #seen = 0;

  constructor(private readonly settings: PenaltySettings) {
    const { repeatPenalty, presencePenalty, frequencyPenalty } = settings;
    this.#penalizes = repeatPenalty !== 1 || presencePenalty !== 0 || frequencyPenalty !== 0;
  }

  /** Whether logits would be changed now. */
  get active(): boolean {
    return this.settings.logitBias.size > 0 || (this.#penalizes && this.#counts.size > 0);
  }

  /** Takes the place of the token that was seen `penaltyWindow` tokens ago. */
  see(token: number): void {
    if (!this.#penalizes) return;
    const at = this.#seen % penaltyWindow;
    if (this.#seen >= penaltyWindow) this.#forget(this.#recent[at] as number);
    this.#recent[at] = token;
    this.#counts.set(token, (this.#counts.get(token) ?? 0) + 1);
    this.#seen += 1;
  }

  #forget(token: number): void {
    const left = (this.#counts.get(token) ?? 0) - 1;
    if (left > 0) this.#counts.set(token, left);
    else this.#counts.delete(token);
  }

  /** Changes logits in place, the bias first, in llama.cpp's order. */
  apply(logits: Float32Array): void {
    for (const [token, bias] of this.settings.logitBias) logits[token] = (logits[token] as number) + bias;
    if (!this.#penalizes) return;
    const { repeatPenalty, presencePenalty, frequencyPenalty } = this.settings;
    for (const [token, count] of this.#counts) {
      const logit = logits[token] as number;
      // Never stays never: zero times infinity would be no number.
      if (logit === -Infinity) continue;
      // Divided, a negative logit would become likelier.
      const repeated = logit <= 0 ? logit * repeatPenalty : logit / repeatPenalty;
      const penalized = repeated - count * frequencyPenalty - presencePenalty;
      logits[token] = Math.max(-farthest, Math.min(farthest, penalized));
    }
  }
}

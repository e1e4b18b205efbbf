import { FailureError } from '../../../../src/shared/protocol/failure';

/** The failure of a model whose numbers nothing can be chosen by. @param what of its numbers were looked at */
export const notFinite = (what: string): FailureError =>
  new FailureError({ kind: 'model-not-finite', technical: `the model computes ${what} that are no finite numbers` });

/** The token with the largest logit; the first of several. @returns -1 where all logits are NaN or -Infinity */
export function likeliest(logits: Float32Array): number {
  let best = -1;
  let most = -Infinity;
  for (let token = 0; token < logits.length; token += 1) {
    const logit = logits[token] ?? -Infinity;
    if (logit > most) {
      most = logit;
      best = token;
    }
  }
  return best;
}

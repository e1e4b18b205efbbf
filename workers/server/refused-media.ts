/** A server's refusal of pictures or sounds: of a model that does not take them, where nothing had told that before. */
import type { TurnMedia } from '../../src/shared/domain/senses';
import { FailureError } from '../../src/shared/protocol/failure';

/**
 * As the five say it: "image input is not supported" (llama-server, Jan), "this model is missing data required for image input"
 * (Ollama), "does not support images" (LM Studio), "is not a multimodal model", "At most 0 image(s) may be provided" (vLLM).
 */
const words = /\b(image|images|image\(s\)|image_url|vision|multimodal|audio|input_audio|audio\(s\)|mmproj)\b/i;
const status = /^HTTP (400|415|422|500|501)\b/;

export function refusesMedia(error: unknown): error is FailureError {
  if (!(error instanceof FailureError) || error.failure.kind !== 'server-error') return false;
  return status.test(error.failure.technical) && words.test(error.failure.technical);
}

/** @param kind of the first thing that was sent */
export const asCannotTake = (kind: TurnMedia['kind'], { failure }: FailureError): FailureError =>
  new FailureError({ ...failure, kind: kind === 'picture' ? 'model-cannot-see' : 'model-cannot-hear' });

/** Pictures and sounds in a request: OpenAI's parts of a message, which all these servers take. */
import type { ChatTurn } from '../../src/shared/protocol/engine';
import { failed, FailureError } from '../../src/shared/protocol/failure';
import { toBase64 } from '../../src/shared/platform/base64';
import type { TurnMedia } from '../../src/shared/domain/senses';
import { mediaOf } from '../engine/check-senses';
import { mediaBytes } from '../engine/media-bytes';

/** Of all media of one request, in bytes, before they become text a third longer. Servers end requests that are far larger. */
const mostMediaBytes = 32 * 1024 ** 2;

/**
 * The messages of a request. Only what has media takes the form of parts: not every server knows it.
 * @throws FailureError `picture-unreadable`, `sound-unreadable`; `picture-too-large` or `sound-too-long` beyond 32 MiB together
 */
export async function messagesOf(turns: readonly ChatTurn[]): Promise<readonly object[]> {
  const media = mediaOf(turns);
  const bytes = media.reduce((sum, { blob }) => sum + blob.size, 0);
  if (bytes > mostMediaBytes) {
    const kind = media.some((one) => one.kind === 'sound') ? 'sound-too-long' : 'picture-too-large';
    throw new FailureError(failed(kind, `${bytes} bytes of pictures and sounds in one request`).failure);
  }
  return Promise.all(
    turns.map(async (turn) => {
      const { role, content } = turn;
      if (!turn.media || turn.media.length === 0) return { role, content };
      return { role, content: [...(await Promise.all(turn.media.map(partOf))), { type: 'text', text: content }] };
    }),
  );
}

/** @see https://platform.openai.com/docs/api-reference/chat/create */
async function partOf(media: TurnMedia): Promise<object> {
  const { type, data } = await mediaBytes(media);
  const base64 = toBase64(new Uint8Array(data));
  return type === 'audio/wav'
    ? { type: 'input_audio', input_audio: { data: base64, format: 'wav' } }
    : { type: 'image_url', image_url: { url: `data:${type};base64,${base64}` } };
}

import { failed, type Result } from '../../shared/protocol/failure';
import type { LoadRequest } from '../../shared/protocol/engine';
import type { SideEngine } from '../../engine/side-engine';
import type { Writing } from './dictation.svelte';
import { insertWords } from './insert-words';
import { cutSound, isSilent, wavOf, type Sound } from './sound';

/** Only what is used of the engine. */
type Engine = Pick<SideEngine, 'use'>;

const joined = (before: string, words: string): string => insertWords(before, words).text;

/**
 * Has a model of this device write down what is said, half a minute at a time: no model hears more at once, and what is written
 * before a failure has been told by then.
 * @returns all words; the failure of the load or of the model, or `cancelled`
 */
export function writeDown(
  engine: Engine,
  request: LoadRequest,
  sound: Sound,
  { signal, told }: Writing,
): Promise<Result<string>> {
  return engine.use<string>(
    request,
    async (client) => {
      let words = '';
      let heard = 0;
      for (const part of cutSound(sound)) {
        if (signal.aborted) return failed('cancelled', 'it was cancelled between two parts');
        const before = words;
        if (!isSilent(part)) {
          const jobId = crypto.randomUUID();
          const stop = (): void => void client.cancel(jobId);
          signal.addEventListener('abort', stop);
          let come = '';
          const written = await client.transcribe({ jobId, audio: wavOf(part) }, (text) => {
            come += text;
            told(heard / sound.length, joined(before, come.trim()));
          });
          signal.removeEventListener('abort', stop);
          if (!written.ok) return written;
          words = joined(before, written.value.trim());
        }
        heard += part.length;
        told(heard / sound.length, words);
      }
      return { ok: true, value: words };
    },
    signal,
  );
}

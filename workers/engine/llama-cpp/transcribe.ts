/** Has llama.cpp write down what is said in a sound, window by window. */
import type { TranscriptionRequest } from '../../../src/shared/protocol/engine';
import type { TokenSink } from '../engine';
import { soundWindows } from '../sound-windows';
import { soundRate, wavOf, wavSamples } from '../wav';
import { Transcript } from './transcript';
import type { WllamaSession } from './wllama-session';

/** Whisper's own limit for half a minute: a model that has begun to repeat itself would go on for ever. */
const mostTokensOfWindow = 448;
/** What a second takes of the model's window: of its sound, as Qwen's models have it, and of the words that are said in it. */
const tokensPerSecond = 13 + 15;
/** Around the sound. */
const promptTokens = 64;
/** Of less than this nothing can be understood, and some models fail at it. */
const leastSamples = soundRate / 2;

/**
 * @param contextTokens the model's window, into which each window of the sound has to fit
 * @throws FailureError `sound-unreadable` for what is no WAV as engines take them
 */
export async function transcribe(
  session: WllamaSession,
  { audio, language }: TranscriptionRequest,
  contextTokens: number,
  sink: Pick<TokenSink, 'token'>,
  abortSignal: AbortSignal,
): Promise<string> {
  const samples = wavSamples(await audio.arrayBuffer());
  if (samples.length === 0) return '';
  const transcript = new Transcript((text) => sink.token(text));
  const mostSeconds = Math.max(1, (contextTokens - promptTokens) / tokensPerSecond);
  for (const window of soundWindows(samples, mostSeconds)) {
    transcript.openWindow();
    await session.race(
      session.wllama.createTranscription({
        file: wavOf(atLeast(window, leastSamples)),
        ...(language !== undefined && { language }),
        temperature: 0,
        max_tokens: mostTokensOfWindow,
        stream: true,
        abortSignal,
        onData: (chunk) => {
          if (chunk.type === 'transcript.text.delta') transcript.piece(chunk.delta);
        },
      }),
    );
    transcript.closeWindow();
  }
  return transcript.text.trim();
}

function atLeast(samples: Int16Array, length: number): Int16Array {
  if (samples.length >= length) return samples;
  const longer = new Int16Array(length);
  longer.set(samples);
  return longer;
}

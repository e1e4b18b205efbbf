/** What a microphone hears, from the press on the button until the last sample. */
import recorderUrl from '../../../workers/recorder.worklet.ts?worker&url';
import { failed, type Failure, type Result } from '../../shared/protocol/failure';
import { Resampler } from './resampler';
import { soundOf, soundRate, type Sound } from './sound';

interface RecorderListener {
  heard(piece: Sound): void;
  /** The microphone was taken away, or has been silent by the system's order for seconds: nothing more comes. */
  lost(failure: Failure): void;
}

/** Calls and other programs mute a microphone for a moment without taking it, in ms. */
const muteGraceMs = 2000;
/** By then the first sound is here, or it never comes, in ms. */
const firstSoundMs = 5000;
/** For the last piece, in ms. */
const flushMs = 300;

/** Why the browser gives no microphone, in our words. */
function refusal(error: unknown): Failure {
  const name = error instanceof DOMException ? error.name : '';
  const technical = String(error);
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return { kind: 'microphone-missing', technical };
  if (name === 'NotReadableError' || name === 'AbortError') return { kind: 'microphone-lost', technical };
  return { kind: 'microphone-refused', technical };
}

/** Asks for a microphone; the browser asks the person. @param deviceId the one they like best, if it is there */
async function askForMicrophone(deviceId: string | null): Promise<Result<MediaStream>> {
  // Missing without HTTPS.
  if (!('mediaDevices' in navigator)) return failed('microphone-refused', 'the page is not secure');
  try {
    const audio = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    const wish = deviceId === null ? {} : { deviceId: { ideal: deviceId } };
    return { ok: true, value: await navigator.mediaDevices.getUserMedia({ audio: { ...audio, ...wish } }) };
  } catch (error) {
    return { ok: false, failure: refusal(error) };
  }
}

const letGo = (stream: MediaStream): void => stream.getTracks().forEach((track) => track.stop());

export class Recorder {
  readonly #resampler: Resampler | null;
  #ended = false;
  #muted = false;
  #doubts: ReturnType<typeof setTimeout> | undefined;

  private constructor(
    private readonly stream: MediaStream,
    private readonly context: AudioContext,
    private readonly node: AudioWorkletNode,
    private readonly listener: RecorderListener,
  ) {
    this.#resampler = context.sampleRate === soundRate ? null : new Resampler(context.sampleRate, soundRate);
    this.#doubt('no sound came from the microphone', firstSoundMs);
    node.port.onmessage = ({ data }: MessageEvent<Float32Array<ArrayBuffer> | null>): void => {
      if (data === null) return;
      // A muted track goes on, with silence.
      if (!this.#muted) this.#trust();
      this.#take(this.#resampler?.push(data) ?? data);
    };
    for (const track of stream.getAudioTracks()) {
      track.addEventListener('ended', () => this.#lose('the track ended'));
      track.addEventListener('mute', () => {
        this.#muted = true;
        this.#doubt('the track was muted');
      });
      track.addEventListener('unmute', () => {
        this.#muted = false;
        this.#trust();
      });
    }
    // Safari interrupts it for a phone call.
    context.addEventListener('statechange', () => {
      if (context.state !== 'closed') this.#doubt(`the audio context is ${context.state}`, firstSoundMs);
    });
  }

  /** Which microphone it is; null where the browser does not tell. */
  get deviceId(): string | null {
    return this.stream.getAudioTracks()[0]?.getSettings().deviceId ?? null;
  }

  /**
   * Asks for the microphone and begins.
   * @returns `microphone-refused`, `-missing` or `-lost`; `dictation-unsupported` without audio worklets; `part-unreachable`
   */
  static async start(deviceId: string | null, listener: RecorderListener): Promise<Result<Recorder>> {
    if (!('AudioWorkletNode' in globalThis) && isSecureContext)
      return failed('dictation-unsupported', 'the browser has no AudioWorklet');
    const asked = await askForMicrophone(deviceId);
    if (!asked.ok) return asked;
    const stream = asked.value;
    const context = new AudioContext();
    try {
      await context.audioWorklet.addModule(recorderUrl);
    } catch (error) {
      letGo(stream);
      void context.close().catch(() => {});
      return failed('part-unreachable', String(error));
    }
    try {
      const node = new AudioWorkletNode(context, 'recorder');
      const recorder = new Recorder(stream, context, node, listener);
      context.createMediaStreamSource(stream).connect(node);
      // It gives out silence; unconnected, some browsers never ask it for anything.
      node.connect(context.destination);
      void context.resume().catch(() => {});
      return { ok: true, value: recorder };
    } catch (error) {
      letGo(stream);
      void context.close().catch(() => {});
      return failed('dictation-unsupported', String(error));
    }
  }

  /** Lets go of the microphone at once. Resolves when the last sound has been heard. */
  async stop(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    this.#trust();
    letGo(this.stream);
    const { port } = this.node;
    const last = new Promise<void>((resolve) => {
      port.addEventListener('message', ({ data }) => data === null && resolve());
      setTimeout(resolve, flushMs);
    });
    port.postMessage('end');
    await last;
    port.onmessage = null;
    if (this.#resampler) this.#take(this.#resampler.end());
    void this.context.close().catch(() => {});
  }

  #take(samples: Float32Array): void {
    if (samples.length > 0) this.listener.heard(soundOf(samples));
  }

  #doubt(technical: string, graceMs = muteGraceMs): void {
    clearTimeout(this.#doubts);
    this.#doubts = setTimeout(() => this.#lose(technical), graceMs);
  }

  #trust(): void {
    clearTimeout(this.#doubts);
  }

  #lose(technical: string): void {
    if (!this.#ended) this.listener.lost({ kind: 'microphone-lost', technical });
  }
}

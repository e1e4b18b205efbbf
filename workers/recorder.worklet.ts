/**
 * Takes what a microphone hears off the audio thread: mixed to one channel, in pieces. It has no network, and keeps nothing.
 */

declare abstract class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

/** A message for every block of 128 samples would be 375 of them a second. */
const pieceSamples = 1024;

class Recorder extends AudioWorkletProcessor {
  #piece = new Float32Array(pieceSamples);
  #filled = 0;
  #ended = false;

  constructor() {
    super();
    this.port.onmessage = (): void => {
      this.#ended = true;
      this.#tell();
      this.port.postMessage(null);
    };
  }

  /** Called by the browser for each block. @returns false when it is to be called no more */
  process([channels = []]: readonly (readonly Float32Array[])[]): boolean {
    const length = channels[0]?.length ?? 0;
    for (let at = 0; at < length && !this.#ended; at += 1) {
      let sum = 0;
      for (const channel of channels) sum += channel[at] ?? 0;
      this.#piece[this.#filled] = sum / channels.length;
      this.#filled += 1;
      if (this.#filled === pieceSamples) this.#tell();
    }
    return !this.#ended;
  }

  #tell(): void {
    const piece = this.#piece.slice(0, this.#filled);
    this.#filled = 0;
    this.port.postMessage(piece, [piece.buffer]);
  }
}

registerProcessor('recorder', Recorder);

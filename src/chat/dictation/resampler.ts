/**
 * Brings a stream of samples to another rate. Firefox connects no microphone to an audio context of another rate than its own, and
 * leaving samples out without a low-pass filter would fold hiss into the voice.
 *
 * A windowed sinc (Kaiser), as a table of one filter for each position between two samples.
 */

/** Zero crossings of the sinc to each side: more cut more sharply and cost more. */
const crossings = 24;
/** Of Kaiser's window: about 70 dB between what is kept and what is not. */
const beta = 6.8;
/** Where the filter cuts, as a share of the lower of both limits: its slope must end below them. */
const cut = 0.92;

/** The modified Bessel function of the first kind, of order 0. */
function bessel(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-9; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

export class Resampler {
  /** Positions between two samples at which a value is wanted, and how far one is from the next, in such steps. */
  readonly #phases: number;
  readonly #stride: number;
  /** Samples that a filter reaches to each side. */
  readonly #reach: number;
  readonly #filters: readonly Float32Array[];
  #waiting: Float32Array<ArrayBuffer>;
  /** The next wanted position in `#waiting`, in phases. */
  #position: number;

  /** @param from samples per second, a whole number */
  constructor(from: number, to: number) {
    const common = divisor(from, to);
    this.#phases = to / common;
    this.#stride = from / common;
    const limit = Math.min(1, to / from) * cut;
    this.#reach = Math.ceil(crossings / limit);
    this.#filters = Array.from({ length: this.#phases }, (_, phase) => this.#filter(phase / this.#phases, limit));
    // Before the first sample there was silence.
    this.#waiting = new Float32Array(this.#reach - 1);
    this.#position = (this.#reach - 1) * this.#phases;
  }

  #filter(offset: number, limit: number): Float32Array {
    const reach = this.#reach;
    const taps = Float32Array.from({ length: 2 * reach }, (_, index) => {
      const distance = index - (reach - 1) - offset;
      const angle = Math.PI * limit * distance;
      const sinc = angle === 0 ? 1 : Math.sin(angle) / angle;
      const inside = 1 - (distance / reach) ** 2;
      return inside <= 0 ? 0 : sinc * bessel(beta * Math.sqrt(inside));
    });
    const sum = taps.reduce((total, tap) => total + tap, 0);
    return taps.map((tap) => tap / sum);
  }

  /** What can be told of the samples so far. */
  push(samples: Float32Array): Float32Array<ArrayBuffer> {
    const input = new Float32Array(this.#waiting.length + samples.length);
    input.set(this.#waiting);
    input.set(samples, this.#waiting.length);
    const [phases, stride, reach] = [this.#phases, this.#stride, this.#reach];
    const end = (input.length - reach) * phases;
    const output = new Float32Array(Math.max(0, Math.ceil((end - this.#position) / stride)));
    let position = this.#position;
    for (let index = 0; index < output.length; index += 1, position += stride) {
      const filter = this.#filters[position % phases] ?? new Float32Array();
      const first = Math.floor(position / phases) - (reach - 1);
      let sum = 0;
      for (let tap = 0; tap < filter.length; tap += 1) sum += (filter[tap] ?? 0) * (input[first + tap] ?? 0);
      output[index] = sum;
    }
    const done = Math.max(0, Math.min(Math.floor(position / phases) - (reach - 1), input.length));
    this.#waiting = input.slice(done);
    this.#position = position - done * phases;
    return output;
  }

  /** The rest, with silence after it. */
  end(): Float32Array<ArrayBuffer> {
    return this.push(new Float32Array(this.#reach));
  }
}

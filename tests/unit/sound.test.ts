/** Sound on its way to a model: its rate, its file, and where it is cut. */
import { describe, expect, it } from 'vitest';
import { clockText } from '../../src/chat/dictation/clock-text';
import { Resampler } from '../../src/chat/dictation/resampler';
import { cutSound, isSilent, joinSounds, soundOf, soundRate, wavOf, type Sound } from '../../src/chat/dictation/sound';

const tone = (hertz: number, rate: number, seconds: number): Float32Array =>
  Float32Array.from({ length: rate * seconds }, (_, index) => 0.5 * Math.sin((2 * Math.PI * hertz * index) / rate));

/** In pieces, as the worklet sends them. */
function resampled(samples: Float32Array, rate: number): Float32Array {
  const resampler = new Resampler(rate, soundRate);
  const pieces: Float32Array[] = [];
  for (let at = 0; at < samples.length; at += 1024) pieces.push(resampler.push(samples.subarray(at, at + 1024)));
  pieces.push(resampler.end());
  return Float32Array.from(pieces.flatMap((piece) => [...piece]));
}

/** How strong one frequency is in the middle of a sound: the amplitude, by a projection on sine and cosine. */
function strength(samples: Float32Array, hertz: number): number {
  const middle = samples.subarray(2000, 2000 + 10 * soundRate * 0.05);
  let [sine, cosine] = [0, 0];
  middle.forEach((sample, index) => {
    const angle = (2 * Math.PI * hertz * index) / soundRate;
    sine += sample * Math.sin(angle);
    cosine += sample * Math.cos(angle);
  });
  return (2 * Math.hypot(sine, cosine)) / middle.length;
}

const decibels = (share: number): number => 20 * Math.log10(share);
const loudness = (samples: Float32Array): number => {
  const middle = samples.subarray(2000, 10_000);
  return Math.sqrt(middle.reduce((sum, sample) => sum + sample * sample, 0) / middle.length);
};

describe('bringing a microphone to 16 kHz', () => {
  it.each([48_000, 44_100, 96_000])('keeps a tone of 1 kHz what it is, from %i Hz', (rate) => {
    const sound = resampled(tone(1000, rate, 1), rate);
    expect(Math.abs(sound.length - soundRate)).toBeLessThanOrEqual(1);
    expect(decibels(strength(sound, 1000) / 0.5)).toBeCloseTo(0, 1);
    // Without the tone, hardly anything is left.
    const rest = Math.sqrt(Math.max(0, loudness(sound) ** 2 - strength(sound, 1000) ** 2 / 2));
    expect(decibels(rest / loudness(sound))).toBeLessThan(-40);
  });

  it.each([48_000, 44_100])('lets nothing above 8 kHz fold into the voice, from %i Hz', (rate) => {
    for (const hertz of [8800, 9500, 12_000, 15_000, 20_000])
      expect(
        decibels(loudness(resampled(tone(hertz, rate, 1), rate)) / (0.5 / Math.SQRT2)),
        `${hertz} Hz`,
      ).toBeLessThan(-40);
  });

  it('gives the same whether it comes in one piece or in many', () => {
    const samples = tone(440, 44_100, 0.5);
    const resampler = new Resampler(44_100, soundRate);
    const whole = [...resampler.push(samples), ...resampler.end()];
    expect([...resampled(samples, 44_100)]).toEqual(whole);
  });
});

describe('a WAV file', () => {
  it('says what it holds: one channel of 16 bits at 16 kHz', async () => {
    const sound = soundOf(new Float32Array([0, 1, -1, 2, 0.5]));
    expect([...sound]).toEqual([0, 32_767, -32_767, 32_767, 16_384]);
    const bytes = await wavOf(sound).arrayBuffer();
    const view = new DataView(bytes);
    const words = new TextDecoder('latin1').decode(bytes);
    expect([words.slice(0, 4), words.slice(8, 16), words.slice(36, 40)]).toEqual(['RIFF', 'WAVEfmt ', 'data']);
    expect(view.getUint32(4, true)).toBe(bytes.byteLength - 8);
    expect([
      view.getUint16(20, true),
      view.getUint16(22, true),
      view.getUint32(24, true),
      view.getUint16(34, true),
    ]).toEqual([1, 1, 16_000, 16]);
    expect(view.getUint32(40, true)).toBe(10);
    expect([...new Int16Array(bytes.slice(44))]).toEqual([...sound]);
  });
});

describe('a long sound', () => {
  const noise = (seconds: number): Sound =>
    Int16Array.from({ length: seconds * soundRate }, (_, index) => ((index * 7919) % 20_000) - 10_000);

  it('is cut where nobody speaks, and nothing of it is lost', () => {
    const whole = joinSounds([noise(22), new Int16Array(soundRate / 2), noise(30), new Int16Array(0), noise(2)]);
    const parts = cutSound(whole);
    expect(parts.length).toBeGreaterThan(1);
    expect(joinSounds(parts)).toEqual(whole);
    for (const part of parts) expect(part.length).toBeLessThanOrEqual(28 * soundRate);
    const first = (parts[0]?.length ?? 0) / soundRate;
    expect(first).toBeGreaterThan(22);
    expect(first).toBeLessThan(22.5);
  });

  it('that is short stays whole', () => {
    expect(cutSound(noise(5))).toHaveLength(1);
  });

  it('is silent where a microphone that is turned off was recorded', () => {
    expect(isSilent(new Int16Array(1000).fill(3))).toBe(true);
    expect(isSilent(noise(1))).toBe(false);
  });
});

describe('how long something lasts', () => {
  it.each([
    [0, '0:00'],
    [7.9, '0:07'],
    [750, '12:30'],
    [3723, '1:02:03'],
  ])('%d seconds: %s', (seconds, text) => expect(clockText(seconds)).toBe(text));
});

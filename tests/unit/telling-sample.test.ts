import { describe, expect, it } from 'vitest';
import { sampleBytes, tellingSample } from '../../src/shared/domain/text-encoding';

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const sampleOf = (text: string): string => String.fromCharCode(...tellingSample(latin1(text)));
const figures = '1234567,'.repeat(sampleBytes / 4);

describe('what tells the encoding of a long file', () => {
  it('is found in a line whose beginning has figures only', () => {
    const sample = sampleOf(`[${figures}"caf\u00e9 au lait"]`);
    expect(sample).toBe('\u00e9 au lait"]');
  });

  it('is no more than 64 KiB of such a line', () => {
    expect(sampleOf(`${figures}\u00e9${figures}`)).toHaveLength(sampleBytes);
  });

  it.each([
    ['line feeds', '\n'],
    ['carriage returns', '\r'],
    ['both', '\r\n'],
  ])('is whole lines where they end in %s', (_, end) => {
    const sample = sampleOf(`${`1,2,3${end}`.repeat(30_000)}4,caf\u00e9${end}5,6${end}7,\u00fcber${end}`);
    expect(sample.split(/[\r\n]+/)).toEqual(['4,caf\u00e9', '7,\u00fcber', '']);
  });

  it('is looked for in a moment, however many lines there are', () => {
    const begun = performance.now();
    expect(sampleOf(`${'1\n'.repeat(2_000_000)}\u00e9`)).toBe('\u00e9');
    expect(performance.now() - begun).toBeLessThan(5000);
  });
});

import { describe, expect, it } from 'vitest';
import {
  costPerAnswer,
  costPerMillion,
  hostedPerAnswer,
  payback,
  type PowerSettings,
} from '../../../src/lab/results/cost';
import { hostedPrices, noPriceEdits, readPriceEdits, shippedPrices } from '../../../src/lab/results/hosted-prices';
import type { Speed } from '../../../src/lab/results/speed';
import { figureWords, moneyWords, paybackWords } from '../../../src/lab/words/cost-words';

const power: PowerSettings = { watts: 36, pricePerKwh: 0.3, devicePrice: 900, currency: 'USD', perDollar: 1 };
const times = (mean: number) => ({ median: mean, interval: null, p95: null, mean, answers: 10 });
const speed: Speed = {
  firstToken: times(500),
  whole: times(20_000),
  tokensPerSecond: 10,
  tokens: { prompt: 400, answer: 150, thought: 50 },
};
const nothing: Speed = { firstToken: null, whole: null, tokensPerSecond: null, tokens: null };
const gpt4o = shippedPrices[0];
if (!gpt4o) throw new Error('no price');

describe('the cost of answers on this device', () => {
  it('for a million tokens is the energy of the time that they take', () => {
    // 100,000 s at 36 W are 1 kWh.
    expect(costPerMillion(speed, power)).toMatchObject({ known: true, value: 0.3 });
  });

  it('of an answer counts the whole answer, prompt included', () => {
    const figure = costPerAnswer(speed, power);
    if (!figure.known) throw new Error(figure.why);
    // 20 s at 36 W are 0.0002 kWh.
    expect(figure.value).toBeCloseTo(0.00006, 12);
    expect(figure.conditions).toEqual(['power-as-set', 'electricity-only', 'whole-answers']);
  });

  it('can be nothing, with power of one’s own', () => {
    expect(costPerAnswer(speed, { ...power, pricePerKwh: 0 })).toMatchObject({ known: true, value: 0 });
  });

  it.each([
    [nothing, power, 'no-speed'],
    [speed, { ...power, watts: null }, 'no-power'],
    [speed, { ...power, watts: 0 }, 'no-power'],
    [speed, { ...power, watts: Number.NaN }, 'no-power'],
    [speed, { ...power, pricePerKwh: null }, 'no-electricity-price'],
    [speed, { ...power, pricePerKwh: -1 }, 'no-electricity-price'],
  ] as const)('can’t be told where something is missing (%#)', (measured, settings, why) => {
    expect(costPerMillion(measured, settings)).toEqual({ known: false, why });
  });
});

describe('the cost of the same answers elsewhere', () => {
  it('is that of prompt and answer, thought included, at the list price', () => {
    const figure = hostedPerAnswer(speed, gpt4o, power);
    if (!figure.known) throw new Error(figure.why);
    // 400 · 2.50 + 200 · 10.00 dollars for a million.
    expect(figure.value).toBeCloseTo(0.003, 12);
    expect(figure.conditions).toEqual(['list-price', 'tokens-of-this-model']);
  });

  it('is turned into the person’s currency, and says so', () => {
    const figure = hostedPerAnswer(speed, gpt4o, { ...power, currency: 'CNY', perDollar: 7 });
    if (!figure.known) throw new Error(figure.why);
    expect(figure.value).toBeCloseTo(0.021, 12);
    expect(figure.conditions).toContain('exchange-rate-as-set');
    expect(hostedPerAnswer(speed, gpt4o, { ...power, perDollar: 0 })).toEqual({
      known: false,
      why: 'no-exchange-rate',
    });
  });

  it('can’t be told before there are answers', () => {
    expect(hostedPerAnswer(nothing, gpt4o, power)).toEqual({ known: false, why: 'no-answers' });
  });
});

describe('a device that was bought', () => {
  it('has paid after so many answers, tokens, and hours', () => {
    const figure = payback(speed, gpt4o, power);
    if (!figure.known) throw new Error(figure.why);
    const answers = 900 / (0.003 - 0.00006);
    expect(figure.value.answers).toBeCloseTo(answers, 3);
    expect(figure.value.tokens).toBeCloseTo(answers * 200, 0);
    expect(figure.value.hours).toBeCloseTo((answers * 20) / 3600, 3);
    expect(paybackWords(figure.value)).toBe('About 310,000 answers (61,000,000 tokens, 1,700 hours without a break)');
  });

  it('never pays where electricity costs more than the hosted answer', () => {
    const cheap = { ...gpt4o, inputPerMillion: 0.01, outputPerMillion: 0.01 };
    expect(payback(speed, cheap, power)).toEqual({ known: false, why: 'never-pays' });
  });

  it('is not spoken of where none was bought', () => {
    expect(payback(speed, gpt4o, { ...power, devicePrice: null })).toEqual({ known: false, why: 'no-device-price' });
    expect(payback(nothing, gpt4o, power)).toEqual({ known: false, why: 'no-answers' });
  });
});

describe('prices of hosted models', () => {
  it('are dated, and say where they are from', () => {
    expect(
      shippedPrices.map(({ name, inputPerMillion, outputPerMillion }) => [name, inputPerMillion, outputPerMillion]),
    ).toEqual([
      ['GPT-4o', 2.5, 10],
      ['Claude 3.5 Sonnet', 3, 15],
      ['DeepSeek-V3', 0.27, 1.1],
    ]);
    for (const { asOf, source } of shippedPrices) {
      expect(asOf).toEqual({ kind: 'early', year: 2026 });
      expect(source).toMatch(/^https:/);
    }
  });

  it('can be changed, added, and removed', () => {
    const prices = hostedPrices({
      changed: [
        { id: 'gpt-4o', name: 'GPT-4o', inputPerMillion: 1, outputPerMillion: 2, at: 5 },
        { id: 'mine', name: 'Mine', inputPerMillion: 3, outputPerMillion: 4, at: 6 },
      ],
      removed: ['deepseek-v3'],
    });
    expect(prices.map(({ id, outputPerMillion, asOf }) => [id, outputPerMillion, asOf.kind])).toEqual([
      ['gpt-4o', 2, 'edited'],
      ['claude-3.5-sonnet', 15, 'early'],
      ['mine', 4, 'edited'],
    ]);
    expect(hostedPrices(noPriceEdits)).toEqual(shippedPrices);
  });

  it.each([
    null,
    'text',
    { changed: [{ id: 'a', name: 'A', inputPerMillion: -1, outputPerMillion: 1, at: 0 }], removed: [] },
    { changed: [{ id: 'a', name: 'A', inputPerMillion: Number.NaN, outputPerMillion: 1, at: 0 }], removed: [] },
    { changed: Array.from({ length: 1000 }, () => ({})), removed: [] },
  ])('are as shipped where what was stored is broken (%#)', (stored) => {
    expect(readPriceEdits(stored)).toEqual(noPriceEdits);
  });
});

describe('words for a cost', () => {
  it('say under which conditions it holds, and what is missing where there is none', () => {
    const money = (value: number): string => moneyWords(value, 'USD');
    expect(figureWords(costPerMillion(speed, power), money)).toBe(
      '$0.30 (power as you set it, not measured; electricity only, not the device; decode only, without the prompt)',
    );
    expect(figureWords(hostedPerAnswer(speed, gpt4o, power), money, gpt4o)).toBe(
      '$0.0030 (list price, early 2026; with this model’s token counts; the hosted model’s differ)',
    );
    expect(figureWords(costPerMillion(speed, { ...power, watts: null }), money)).toBe(
      'Can’t tell: set the power in watts',
    );
  });

  it('take any name of a currency', () => {
    expect(moneyWords(1.5, 'beans')).toBe('1.5 beans');
  });
});

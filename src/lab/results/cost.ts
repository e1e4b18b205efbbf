/** What answers cost here, and what they would cost elsewhere. */
import type { HostedPrice } from './hosted-prices';
import type { Speed } from './speed';

/** What the person sets. */
export interface PowerSettings {
  /** Of the whole device while it answers. Null: not known. */
  readonly watts: number | null;
  readonly pricePerKwh: number | null;
  /** What a device bought for this costs. Null: none was. */
  readonly devicePrice: number | null;
  /** ISO 4217; what both prices are in. */
  readonly currency: string;
  /** Of this currency for one dollar: 1 for dollars. Hosted prices are in dollars. */
  readonly perDollar: number;
}

/** What a figure holds under; said with it. */
export type CostCondition =
  /** Watts are what the person has set, not measured. */
  | 'power-as-set'
  /** The device itself, and its time without work, cost nothing. */
  | 'electricity-only'
  /** Without reading the prompt. */
  | 'decode-only'
  /** From the question to the end: prompt, thought and answer. */
  | 'whole-answers'
  /** The hosted model divides texts otherwise, and its answers would have another length. */
  | 'tokens-of-this-model'
  | 'list-price'
  | 'exchange-rate-as-set';

/** Why there is no figure. */
export type CostGap =
  | 'no-speed'
  | 'no-answers'
  | 'no-power'
  | 'no-electricity-price'
  | 'no-device-price'
  | 'no-exchange-rate'
  /** Electricity for an answer costs as much as the hosted answer, or more. */
  | 'never-pays';

export type Figure<Value> =
  | { readonly known: true; readonly value: Value; readonly conditions: readonly CostCondition[] }
  | { readonly known: false; readonly why: CostGap };

const unknown = (why: CostGap): { readonly known: false; readonly why: CostGap } => ({ known: false, why });

/** Watts for one second are so many kWh: 1 kWh = 3.6 million watt-seconds. */
const wattSecondsPerKwh = 3.6e6;

/** @returns cost of one second, or why it isn't known */
function perSecond({ watts, pricePerKwh }: PowerSettings): number | CostGap {
  if (watts === null || !(watts > 0)) return 'no-power';
  if (pricePerKwh === null || !(pricePerKwh >= 0)) return 'no-electricity-price';
  return (watts / wattSecondsPerKwh) * pricePerKwh;
}

/**
 * Electricity for a million tokens of decode, in the person's currency: watts · (10⁶ / (tokens/s)) s / 3.6·10⁶ · price per kWh.
 */
export function costPerMillion({ tokensPerSecond }: Speed, power: PowerSettings): Figure<number> {
  const second = perSecond(power);
  if (typeof second === 'string') return unknown(second);
  if (tokensPerSecond === null) return unknown('no-speed');
  const value = second * (1e6 / tokensPerSecond);
  return { known: true, value, conditions: ['power-as-set', 'electricity-only', 'decode-only'] };
}

/** Electricity for one answer of this set, in the person's currency: watts · mean time of an answer · price. */
export function costPerAnswer({ whole }: Speed, power: PowerSettings): Figure<number> {
  const second = perSecond(power);
  if (typeof second === 'string') return unknown(second);
  if (whole === null) return unknown('no-answers');
  const value = second * (whole.mean / 1000);
  return { known: true, value, conditions: ['power-as-set', 'electricity-only', 'whole-answers'] };
}

/**
 * What an answer of this set would cost with a hosted model, in the person's currency: mean tokens of prompt and answer, thought
 * included, at its list price.
 */
export function hostedPerAnswer({ tokens }: Speed, price: HostedPrice, power: PowerSettings): Figure<number> {
  if (tokens === null) return unknown('no-answers');
  if (!(power.perDollar > 0)) return unknown('no-exchange-rate');
  const read = tokens.prompt * price.inputPerMillion;
  const written = (tokens.answer + tokens.thought) * price.outputPerMillion;
  return {
    known: true,
    value: ((read + written) / 1e6) * power.perDollar,
    conditions: [
      'list-price',
      'tokens-of-this-model',
      ...(power.perDollar === 1 ? [] : (['exchange-rate-as-set'] as const)),
    ],
  };
}

/** When a device that was bought has paid, against one hosted model. */
export interface Payback {
  readonly answers: number;
  /** Generated tokens, thought included. */
  readonly tokens: number;
  /** Of answering without a pause. */
  readonly hours: number;
}

/** Device price / (hosted price of an answer − electricity of an answer). */
export function payback(speed: Speed, price: HostedPrice, power: PowerSettings): Figure<Payback> {
  if (power.devicePrice === null || !(power.devicePrice > 0)) return unknown('no-device-price');
  const own = costPerAnswer(speed, power);
  if (!own.known) return own;
  const hosted = hostedPerAnswer(speed, price, power);
  if (!hosted.known) return hosted;
  if (speed.whole === null || speed.tokens === null) return unknown('no-answers');
  const saved = hosted.value - own.value;
  if (!(saved > 0)) return unknown('never-pays');
  const answers = power.devicePrice / saved;
  return {
    known: true,
    value: {
      answers,
      tokens: answers * (speed.tokens.answer + speed.tokens.thought),
      hours: (answers * speed.whole.mean) / 3_600_000,
    },
    conditions: [...new Set([...own.conditions, ...hosted.conditions])],
  };
}

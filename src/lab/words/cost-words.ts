import { formatDay, formatExpectedRate } from '../../text/formatting';
import { getLocale } from '../../text/paraglide/runtime.js';
import { m } from '../../text/paraglide/messages.js';
import type { CostCondition, CostGap, Figure, Payback } from '../results/cost';
import type { HostedPrice } from '../results/hosted-prices';

/** In the person's currency; below one of it to three significant digits: an answer costs a small part of a cent. */
export function moneyWords(value: number, currency: string): string {
  const digits = value > 0 && value < 1 ? { minimumSignificantDigits: 2, maximumSignificantDigits: 3 } : {};
  try {
    return new Intl.NumberFormat(getLocale(), { style: 'currency', currency, ...digits }).format(value);
  } catch {
    // No currency by its form, as a person may type it.
    return `${new Intl.NumberFormat(getLocale(), { maximumSignificantDigits: 3 }).format(value)} ${currency}`;
  }
}

export const paybackWords = ({ answers, tokens, hours }: Payback): string =>
  m.lab_cost_payback_value({
    answers: formatExpectedRate(answers),
    tokens: formatExpectedRate(tokens),
    hours: formatExpectedRate(hours),
  });

export const priceDateWords = ({ asOf }: HostedPrice): string =>
  asOf.kind === 'early' ? m.lab_cost_as_of_early({ year: String(asOf.year) }) : formatDay(asOf.at);

/** @param price of a hosted model, where the figure rests on one */
export function conditionWords(condition: CostCondition, price: HostedPrice | null): string | null {
  switch (condition) {
    case 'power-as-set':
      return m.lab_cost_power_as_set();
    case 'electricity-only':
      return m.lab_cost_electricity_only();
    case 'decode-only':
      return m.lab_cost_decode_only();
    case 'whole-answers':
      return m.lab_cost_whole_answers();
    case 'tokens-of-this-model':
      return m.lab_cost_tokens_of_this_model();
    case 'list-price':
      return price && m.lab_cost_list_price({ date: priceDateWords(price) });
    case 'exchange-rate-as-set':
      return m.lab_cost_exchange_rate();
  }
}

export function gapWords(why: CostGap): string {
  switch (why) {
    case 'no-speed':
      return m.lab_cost_no_speed();
    case 'no-answers':
      return m.lab_cost_no_answers();
    case 'no-power':
      return m.lab_cost_no_power();
    case 'no-electricity-price':
      return m.lab_cost_no_electricity_price();
    case 'no-device-price':
      return m.lab_cost_no_device_price();
    case 'no-exchange-rate':
      return m.lab_cost_no_exchange_rate();
    case 'never-pays':
      return m.lab_cost_never_pays();
  }
}

/** The figure with all that it holds under, or why there is none. */
export function figureWords<Value>(
  figure: Figure<Value>,
  words: (value: Value) => string,
  price: HostedPrice | null = null,
): string {
  if (!figure.known) return m.lab_cost_unknown({ reason: gapWords(figure.why) });
  const conditions = figure.conditions.flatMap((condition) => conditionWords(condition, price) ?? []);
  if (conditions.length === 0) return words(figure.value);
  return m.lab_cost_figure({
    figure: words(figure.value),
    conditions: conditions.reduce((first, second) => m.lab_cost_both({ first, second })),
  });
}

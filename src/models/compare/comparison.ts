/** Two models side by side. */
import { fitText } from '../../text/fit-text';
import { m } from '../../text/paraglide/messages.js';
import { contextText, engineName, formatParameters, sensesTexts, sizeText, thinkingName } from '../model-facts';
import type { ModelTraits } from '../model-traits';

export interface ComparisonRow {
  readonly name: string;
  readonly values: readonly [string, string];
  readonly differs: boolean;
}

const known = <T>(value: T | undefined, words: (value: T) => string): string =>
  value === undefined ? m.compare_unknown() : words(value);
const asIs = (text: string): string => text;

/** Rows in which neither has a value are left out. */
export function comparisonRows(first: ModelTraits, second: ModelTraits): readonly ComparisonRow[] {
  const row = (name: string, value: (traits: ModelTraits) => string): ComparisonRow => {
    const values = [value(first), value(second)] as const;
    return { name, values, differs: values[0] !== values[1] };
  };
  const rows = [
    row(m.fact_fit(), ({ fit }) => fitLine(fit)),
    row(m.model_fact_parameters(), ({ parameters }) => known(parameters, formatParameters)),
    row(m.model_fact_quantization(), ({ quantization }) => known(quantization, asIs)),
    row(m.fact_size(), ({ bytes, bytesFrom }) => sizeText(bytes, bytesFrom)),
    row(m.model_fact_memory(), ({ memoryBytes, memoryFrom }) =>
      known(memoryBytes, (bytes) => sizeText(bytes, memoryFrom)),
    ),
    row(m.model_fact_context(), ({ contextTokens }) => known(contextTokens, contextText)),
    row(m.model_fact_thinking(), ({ thinking }) => known(thinking, thinkingName)),
    ...(first.senses || second.senses
      ? [row(m.model_fact_senses(), ({ senses }) => sensesTexts(senses).join(' · ') || m.model_text_only())]
      : []),
    row(m.model_fact_engine(), ({ format, senses }) => engineName(format, senses)),
    row(m.fact_license(), ({ license }) => known(license, asIs)),
    row(m.model_fact_origin(), ({ origin }) => known(origin, asIs)),
    row(m.model_fact_good_for(), ({ goodFor }) => known(goodFor, asIs)),
  ];
  const unknown = m.compare_unknown();
  return rows.filter(({ values }) => values.some((value) => value !== unknown));
}

function fitLine(fit: ModelTraits['fit']): string {
  if (fit === null) return m.compare_unknown();
  const { title, reasons } = fitText(fit);
  return m.compare_fit({ verdict: title, reason: reasons[0] ?? '' });
}

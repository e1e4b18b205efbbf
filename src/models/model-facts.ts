/** The facts of a model as pairs of name and value. */
import type { FigureSource, ThinkingMode } from '../shared/domain/catalog';
import type { Senses } from '../shared/domain/senses';
import type { WeightsFormat } from '../shared/protocol/weights';
import { formatBytes, formatCount } from '../text/formatting';
import { m } from '../text/paraglide/messages.js';
import { getLocale } from '../text/paraglide/runtime.js';
import type { ModelTraits } from './model-traits';

export interface Fact {
  readonly name: string;
  readonly value: string;
}

/** "596M", "1.72B"; in Chinese "5.96亿". */
export const formatParameters = (parameters: number): string =>
  new Intl.NumberFormat(getLocale(), { notation: 'compact', maximumSignificantDigits: 3 }).format(parameters);

const thinkingNames: Readonly<Record<ThinkingMode, () => string>> = {
  none: m.model_thinking_none,
  always: m.model_thinking_always,
  switchable: m.model_thinking_switchable,
};

const engineNames: Readonly<Record<WeightsFormat, () => string>> = {
  gguf: m.model_engine_cpu,
  mlc: m.model_engine_gpu,
};

export const thinkingName = (mode: ThinkingMode): string => thinkingNames[mode]();
/** @param senses of a model that has them: only llama.cpp computes it then */
export const engineName = (format: WeightsFormat, senses?: Senses): string =>
  senses ? 'llama.cpp (GGUF)' : engineNames[format]();

/** What a model takes beside words: "Sees pictures · Hears". Empty for one that takes words alone. */
export const sensesTexts = (senses: Senses | undefined): readonly string[] => [
  ...(senses?.sees ? [m.model_sees()] : []),
  ...(senses?.hears ? [m.model_hears()] : []),
];

/** A size, with a word about where it is from where it was not measured. */
export function sizeText(bytes: number, from: FigureSource | undefined): string {
  const size = formatBytes(bytes);
  if (from === 'estimate') return m.figure_estimate({ size });
  return from === 'webllm' ? m.figure_webllm({ size }) : size;
}

/** Without what is unknown, except for the license, whose absence matters. */
export function factsOf(traits: ModelTraits): readonly Fact[] {
  const { bytes, parameters, memoryBytes, contextTokens, thinking, senses, license, format } = traits;
  const known: readonly (Fact | false)[] = [
    { name: m.fact_size(), value: sizeText(bytes, traits.bytesFrom) },
    memoryBytes !== undefined && { name: m.model_fact_memory(), value: sizeText(memoryBytes, traits.memoryFrom) },
    parameters !== undefined && { name: m.model_fact_parameters(), value: formatParameters(parameters) },
    contextTokens !== undefined && { name: m.model_fact_context(), value: contextText(contextTokens) },
    thinking !== undefined && { name: m.model_fact_thinking(), value: thinkingName(thinking) },
    senses !== undefined && { name: m.model_fact_senses(), value: sensesTexts(senses).join(' · ') },
    { name: m.model_fact_engine(), value: engineName(format, senses) },
    { name: m.fact_license(), value: license ?? m.license_unknown() },
  ];
  return known.filter((fact) => fact !== false);
}

export const contextText = (tokens: number): string => m.model_context_tokens({ tokens: formatCount(tokens) });

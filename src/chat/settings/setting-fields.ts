/** The settings of answers: their names, what each does, and what it may be. */
import type { ContextPolicy } from '../../shared/domain/chat-settings';
import type { SamplingOptions } from '../../shared/protocol/engine';
import { logitBiasFrom, type LogitBias } from '../../shared/domain/logit-bias';
import { formatNumber } from '../../text/formatting';
import { m } from '../../text/paraglide/messages.js';
import type { SettingField } from './resolve-settings';

export type NumberField = {
  [Field in keyof SamplingOptions]-?: NonNullable<SamplingOptions[Field]> extends number ? Field : never;
}[keyof SamplingOptions];

interface NumberRule {
  readonly least: number;
  readonly most: number;
  readonly step: number;
  /** What does nothing; shown where nothing is set anywhere. */
  readonly neutral: number | null;
}

// Narrower than what the engines take: beyond these, no model says anything that can be read.
export const numberRules: Readonly<Record<NumberField, NumberRule>> = {
  temperature: { least: 0, most: 2, step: 0.05, neutral: null },
  topP: { least: 0.01, most: 1, step: 0.01, neutral: 1 },
  topK: { least: 0, most: 1000, step: 1, neutral: 0 },
  minP: { least: 0, most: 1, step: 0.01, neutral: 0 },
  repeatPenalty: { least: 0.5, most: 2, step: 0.01, neutral: 1 },
  presencePenalty: { least: -2, most: 2, step: 0.1, neutral: 0 },
  frequencyPenalty: { least: -2, most: 2, step: 0.1, neutral: 0 },
  seed: { least: 0, most: 4_294_967_294, step: 1, neutral: null },
  maxTokens: { least: 1, most: 1_000_000, step: 1, neutral: null },
};

export const settingNames: Readonly<Record<SettingField, () => string>> = {
  systemPrompt: m.set_system_prompt,
  temperature: m.set_temperature,
  topP: m.set_top_p,
  topK: m.set_top_k,
  minP: m.set_min_p,
  repeatPenalty: m.set_repeat,
  presencePenalty: m.set_presence,
  frequencyPenalty: m.set_frequency,
  seed: m.set_seed,
  maxTokens: m.set_max_tokens,
  stop: m.set_stop,
  logitBias: m.set_bias,
  jsonSchema: m.set_json,
  thinking: m.thinking,
  contextPolicy: m.ctx_when_full,
};

export const settingTexts: Readonly<Record<SettingField, () => string>> = {
  systemPrompt: m.set_system_prompt_about,
  temperature: m.set_temperature_about,
  topP: m.set_top_p_about,
  topK: m.set_top_k_about,
  minP: m.set_min_p_about,
  repeatPenalty: m.set_repeat_about,
  presencePenalty: m.set_presence_about,
  frequencyPenalty: m.set_frequency_about,
  seed: m.set_seed_about,
  maxTokens: m.set_max_tokens_about,
  stop: m.set_stop_about,
  logitBias: () => m.set_bias_about({ example: '{ " delve": -100 }' }),
  jsonSchema: m.set_json_about,
  thinking: m.set_thinking_about,
  contextPolicy: m.ctx_text_short,
};

/** What was typed, understood; or why it cannot be. An empty text takes the inherited value. */
export type Checked<T> =
  { readonly ok: true; readonly value: T | undefined } | { readonly ok: false; readonly reason: string };

const refused = (reason: string): { readonly ok: false; readonly reason: string } => ({ ok: false, reason });

export function checkNumber(field: NumberField, text: string): Checked<number> {
  const { least, most, step } = numberRules[field];
  // A decimal comma is what half of the world writes.
  const written = text.trim().replace(',', '.');
  if (written === '') return { ok: true, value: undefined };
  const value = Number(written);
  if (!Number.isFinite(value)) return refused(m.set_error_number());
  if (step === 1 && !Number.isInteger(value)) return refused(m.set_error_whole());
  if (value < least || value > most)
    return refused(m.set_error_range({ least: formatNumber(least), most: formatNumber(most) }));
  return { ok: true, value };
}

const mostStops = 8;
const longestStop = 100;

export function checkStop(text: string): Checked<readonly string[]> {
  // Spaces at the ends may be meant; a line with nothing else is none.
  const stops = text.split('\n').filter((line) => line.trim() !== '');
  if (stops.length > mostStops || stops.some((stop) => stop.length > longestStop)) return refused(m.set_error_stop());
  return { ok: true, value: stops.length === 0 ? undefined : stops };
}

/** JSON of tokens, by id or by text, and what is added to their logits. */
export function checkBias(text: string): Checked<LogitBias> {
  if (text.trim() === '') return { ok: true, value: undefined };
  try {
    const bias = logitBiasFrom(JSON.parse(text));
    return bias === undefined
      ? refused(m.set_error_bias({ example: '{ " delve": -100 }' }))
      : { ok: true, value: bias };
  } catch (error) {
    return refused(m.set_error_json({ reason: error instanceof Error ? error.message : String(error) }));
  }
}

/** An empty text stands for any JSON. */
export function checkSchema(text: string): Checked<string> {
  if (text.trim() === '') return { ok: true, value: '' };
  try {
    const schema: unknown = JSON.parse(text);
    if (typeof schema !== 'object' || schema === null || Array.isArray(schema))
      return refused(m.set_error_schema({ example: '{ "type": "object" }' }));
    return { ok: true, value: text };
  } catch (error) {
    return refused(m.set_error_json({ reason: error instanceof Error ? error.message : String(error) }));
  }
}

export const thinkingNames: Readonly<Record<'auto' | 'on' | 'off', () => string>> = {
  auto: m.set_thinking_auto,
  on: m.set_thinking_on,
  off: m.set_thinking_off,
};

export const policyNames: Readonly<Record<ContextPolicy, { label: () => string; text: () => string }>> = {
  stop: { label: m.ctx_stop, text: m.ctx_stop_text },
  'drop-oldest': { label: m.ctx_drop, text: m.ctx_drop_text },
  summarise: { label: m.ctx_summary, text: m.ctx_summary_text },
};

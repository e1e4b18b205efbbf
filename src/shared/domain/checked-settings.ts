/** Settings and personas from a file: what of them is what it should be. */
import { contextPolicies, type ChatSettings } from './chat-settings';
import type { SamplingOptions } from '../protocol/engine';
import { present } from './chosen-fields';
import { isFields, isId, numberIn, oneOf, textIn, timeIn, unknownFields, withoutTraps, type Fields } from './fields';
import { logitBiasFrom } from './logit-bias';
import type { Persona } from './persona';

const longestPrompt = 200_000;

/** What the engines take; a figure outside of it is left out rather than bent. */
const ranges = {
  temperature: [0, 10],
  topP: [0, 1],
  topK: [0, 100_000],
  minP: [0, 1],
  repeatPenalty: [0, 10],
  presencePenalty: [-10, 10],
  frequencyPenalty: [-10, 10],
  seed: [-1, Number.MAX_SAFE_INTEGER],
  maxTokens: [1, 10_000_000],
} as const satisfies Partial<Record<keyof SamplingOptions, readonly [number, number]>>;

function samplingFrom(fields: Fields): SamplingOptions {
  const numbers = Object.entries(ranges).map(([name, [least, most]]) => [name, numberIn(fields[name], least, most)]);
  const stop = Array.isArray(fields['stop'])
    ? fields['stop'].flatMap((text) => textIn(text, 200) ?? []).slice(0, 20)
    : undefined;
  const known = [...Object.keys(ranges), 'stop', 'logitBias', 'jsonSchema'];
  return {
    ...unknownFields(fields, known),
    ...present<SamplingOptions>({
      ...Object.fromEntries(numbers),
      stop,
      logitBias: logitBiasFrom(withoutTraps(fields['logitBias'])),
      jsonSchema: textIn(fields['jsonSchema'], longestPrompt),
    }),
  };
}

/** Unknown fields are kept: a newer version may know them. */
export function settingsFrom(value: unknown): ChatSettings {
  if (!isFields(value)) return {};
  return {
    ...unknownFields(value, ['systemPrompt', 'sampling', 'thinking', 'contextPolicy', 'onlyHere', 'collections']),
    ...present<ChatSettings>({
      systemPrompt: textIn(value['systemPrompt'], longestPrompt),
      sampling: isFields(value['sampling']) ? samplingFrom(value['sampling']) : undefined,
      thinking: oneOf(value['thinking'], ['on', 'off']),
      contextPolicy: oneOf(value['contextPolicy'], contextPolicies),
      onlyHere: value['onlyHere'] === true ? true : undefined,
      collections: Array.isArray(value['collections']) ? value['collections'].filter(isId).slice(0, 100) : undefined,
    }),
  };
}

/** Null without an id or a name. */
export function personaFrom(value: unknown): Persona | null {
  if (!isFields(value)) return null;
  const { id, name, icon, settings, modelId, createdAt, updatedAt } = value;
  const nameText = textIn(name, 100)?.trim();
  if (!isId(id) || !nameText) return null;
  const created = timeIn(createdAt) ?? Date.now();
  return {
    ...unknownFields(value, ['id', 'name', 'icon', 'settings', 'modelId', 'createdAt', 'updatedAt', 'type']),
    id,
    name: nameText,
    icon: textIn(icon, 16) ?? '',
    settings: settingsFrom(settings),
    createdAt: created,
    updatedAt: timeIn(updatedAt) ?? created,
    ...present<Pick<Persona, 'modelId'>>({ modelId: textIn(modelId, 200) }),
  };
}

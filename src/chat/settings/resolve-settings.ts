/** What an answer is written with: conversation over persona over defaults over the model's own. Pure. */
import type { ChatSettings, ContextPolicy, ThinkingChoice } from '../../shared/domain/chat-settings';
import type { SamplingField, SamplingOptions } from '../../shared/protocol/engine';
import { without } from '../../shared/domain/chosen-fields';
import type { ModelDescriptor } from '../../shared/domain/model';

export const layerNames = ['once', 'conversation', 'persona', 'defaults'] as const;
export type LayerName = (typeof layerNames)[number];

/** The nearest first. `once`: for a single answer, when a person asks again with something changed. */
export type SettingsLayers = Readonly<Partial<Record<LayerName, ChatSettings | undefined>>>;

export interface ResolvedSettings {
  readonly systemPrompt: string;
  readonly sampling: SamplingOptions;
  readonly thinking?: ThinkingChoice;
  readonly contextPolicy: ContextPolicy;
  /** No model of a server may answer. */
  readonly onlyHere?: true;
}

/** Nothing is lost without a word: what is left out is told before and after. */
const usualPolicy: ContextPolicy = 'drop-oldest';

/** The Guide was trained for greedy answers without instructions; with others it would only answer worse. */
export const ignoresSettings = ({ source }: ModelDescriptor): boolean => source.kind === 'built-in';

const present = (layers: SettingsLayers): readonly ChatSettings[] =>
  layerNames.flatMap((name) => (layers[name] === undefined ? [] : [layers[name]]));

export function resolveSettings(layers: SettingsLayers, model: ModelDescriptor): ResolvedSettings {
  const nearest = present(layers);
  const contextPolicy = nearest.find((layer) => layer.contextPolicy)?.contextPolicy ?? usualPolicy;
  const onlyHere = nearest.some((layer) => layer.onlyHere) && ({ onlyHere: true } as const);
  if (ignoresSettings(model)) return { systemPrompt: '', sampling: model.sampling, contextPolicy, ...onlyHere };
  const thinking = nearest.find((layer) => layer.thinking)?.thinking ?? model.thinking;
  const sampling = Object.assign(
    {},
    thinking === 'on' ? (model.samplingWhenThinking ?? model.sampling) : model.sampling,
    ...nearest.map((layer) => layer.sampling ?? {}).toReversed(),
  ) as SamplingOptions;
  return {
    systemPrompt: nearest.find((layer) => layer.systemPrompt !== undefined)?.systemPrompt?.trim() ?? '',
    sampling,
    contextPolicy,
    ...onlyHere,
    ...(thinking && { thinking }),
  };
}

/** As they are kept with an answer: what was in force, whichever layer it came from. */
export const settingsOf = ({ systemPrompt, sampling, thinking, contextPolicy }: ResolvedSettings): ChatSettings => ({
  ...(systemPrompt !== '' && { systemPrompt }),
  sampling,
  contextPolicy,
  ...(thinking && { thinking }),
});

export type SettingField = SamplingField | 'systemPrompt' | 'thinking' | 'contextPolicy';

const valueIn = (layer: ChatSettings | undefined, field: SettingField): unknown => {
  if (layer === undefined) return undefined;
  return field === 'systemPrompt' || field === 'thinking' || field === 'contextPolicy'
    ? layer[field]
    : layer.sampling?.[field];
};

/** Where a setting comes from: the nearest layer that has it; `model` where none has. */
export const layerOf = (layers: SettingsLayers, field: SettingField): LayerName | 'model' =>
  layerNames.find((name) => valueIn(layers[name], field) !== undefined) ?? 'model';

/** A layer with one setting changed; undefined takes it out, so that it is inherited again. */
export function withSetting(layer: ChatSettings, field: SettingField, value: unknown): ChatSettings {
  if (field === 'systemPrompt' || field === 'thinking' || field === 'contextPolicy')
    return { ...without(layer, field), ...(value !== undefined && { [field]: value }) };
  const sampling = {
    ...without(layer.sampling ?? {}, field as keyof SamplingOptions),
    ...(value !== undefined && { [field]: value }),
  };
  return { ...without(layer, 'sampling'), ...(Object.keys(sampling).length > 0 && { sampling }) };
}

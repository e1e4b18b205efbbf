/** A persona as it stands in the form, where every field is a text, and back. */
import type { ChatSettings } from '../../contracts/chat-settings';
import { numberIn, present, without } from '../../contracts/fields';
import type { SamplingOptions } from '../../contracts/engine';
import type { Persona } from '../../contracts/persona';

export interface PersonaForm {
  name: string;
  icon: string;
  systemPrompt: string;
  /** Empty for whichever is in use. */
  modelId: string;
  temperature: string;
  maxTokens: string;
  thinking: '' | 'on' | 'off';
}

const textOf = (value: number | undefined): string => (value === undefined ? '' : String(value));

export function formOf({ name, icon, settings, modelId = '' }: Persona): PersonaForm {
  const { systemPrompt = '', sampling = {}, thinking = '' } = settings;
  return {
    name,
    icon,
    systemPrompt,
    modelId,
    temperature: textOf(sampling.temperature),
    maxTokens: textOf(sampling.maxTokens),
    thinking,
  };
}

function numberFrom(text: string, least: number, most: number): number | undefined {
  return text.trim() === '' ? undefined : numberIn(Number(text), least, most);
}

/** The persona with what the form says; everything that is not in the form stays as it was. */
export function personaOf(before: Persona, form: PersonaForm): Persona {
  const sampling: SamplingOptions = {
    ...without(before.settings.sampling ?? {}, 'temperature', 'maxTokens'),
    ...present<SamplingOptions>({
      temperature: numberFrom(form.temperature, 0, 10),
      maxTokens: numberFrom(form.maxTokens, 1, 10_000_000),
    }),
  };
  return {
    ...without(before, 'modelId'),
    name: form.name.trim(),
    icon: form.icon.trim(),
    settings: {
      ...without(before.settings, 'systemPrompt', 'thinking', 'sampling'),
      ...present<ChatSettings>({
        systemPrompt: form.systemPrompt.trim() === '' ? undefined : form.systemPrompt,
        thinking: form.thinking === '' ? undefined : form.thinking,
        sampling: Object.keys(sampling).length === 0 ? undefined : sampling,
      }),
    },
    ...present<Pick<Persona, 'modelId'>>({ modelId: form.modelId === '' ? undefined : form.modelId }),
  };
}

/** A persona as it stands in the form, and back. */
import type { Snippet } from 'svelte';
import type { ChatSettings } from '../../shared/domain/chat-settings';
import { present, without } from '../../shared/domain/chosen-fields';
import type { Persona } from '../../shared/domain/persona';

export interface PersonaForm {
  name: string;
  icon: string;
  /** Empty for whichever is in use. */
  modelId: string;
  settings: ChatSettings;
}

/** Shows settings so that they can be changed; the chat knows how. */
export type PersonaSettingsForm = Snippet<
  [{ own: ChatSettings; modelId: string; change: (settings: ChatSettings) => void }]
>;

export const formOf = ({ name, icon, settings, modelId = '' }: Persona): PersonaForm => ({
  name,
  icon,
  settings,
  modelId,
});

/** The persona with what the form says; everything that is not in the form stays as it was. */
export const personaOf = (before: Persona, form: PersonaForm): Persona => ({
  ...without(before, 'modelId'),
  name: form.name.trim(),
  icon: form.icon.trim(),
  settings: form.settings,
  ...present<Pick<Persona, 'modelId'>>({ modelId: form.modelId === '' ? undefined : form.modelId }),
});

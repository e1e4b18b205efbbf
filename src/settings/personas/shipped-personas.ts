import { present } from '../../shared/domain/chosen-fields';
import type { ChatSettings } from '../../shared/domain/chat-settings';
import type { Persona } from '../../shared/domain/persona';
import { inLanguage, type LanguageTag, type Words } from '../../shared/domain/languages';
import data from './shipped-personas.json';

interface ShippedPersona {
  readonly id: string;
  readonly icon: string;
  readonly modelId?: string;
  readonly sampling: ChatSettings['sampling'];
  readonly name: Words;
  readonly systemPrompt: Words;
  readonly thinking?: ChatSettings['thinking'];
}

/** Those that come with Sotto, in the language of the page. They cannot be changed, but copied. */
export const shippedPersonas = (language: LanguageTag): readonly Persona[] =>
  (data as unknown as readonly ShippedPersona[]).map(
    ({ id, icon, modelId, sampling, name, systemPrompt, thinking }) => ({
      id,
      icon,
      name: inLanguage(name, language),
      settings: present<ChatSettings>({ systemPrompt: inLanguage(systemPrompt, language), sampling, thinking }),
      createdAt: 0,
      updatedAt: 0,
      ...present<Pick<Persona, 'modelId'>>({ modelId }),
    }),
  );

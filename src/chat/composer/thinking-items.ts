/** Whether the model thinks first, as a person chooses it for a chat. */
import type { ModelDescriptor } from '../../shared/domain/model';
import { m } from '../../text/paraglide/messages.js';
import type { MenuItem } from '../../ui/menu';
import type { ChatSession } from '../chat-session.svelte';
import { resolveSettings, withSetting } from '../settings/resolve-settings';
import { thinkingNames } from '../settings/setting-fields';

/** What counts now, in words. */
export const thinkingChoice = ({ settings }: ChatSession, model: ModelDescriptor): string =>
  thinkingNames[resolveSettings(settings.layers, model).thinking ?? 'auto']();

export function thinkingItems(session: ChatSession): readonly MenuItem[] {
  const { own, layers } = session.settings;
  /** What counts where this chat says nothing. */
  const inherited = layers.persona?.thinking ?? layers.defaults?.thinking;
  const source = layers.persona?.thinking ? m.set_from_persona() : m.set_from_defaults();
  const chosen = own.thinking ?? 'auto';
  return (['auto', 'on', 'off'] as const).map((choice) => ({
    id: choice,
    label:
      choice === 'auto' && inherited
        ? m.set_inherited({ value: thinkingNames[inherited](), source })
        : thinkingNames[choice](),
    checked: choice === chosen,
    run: () => void session.changeSettings(withSetting(own, 'thinking', choice === 'auto' ? undefined : choice)),
  }));
}

/** Why a model is recommended, in a few words: which of the parts in `recommend` it plays. */
import type { CatalogEntry } from '../../shared/domain/catalog';
import { m } from '../../text/paraglide/messages.js';

const chats = ({ tasks }: CatalogEntry): boolean => tasks.includes('chat');

/** @param all the recommended ones, in their order, this one among them */
export function recommendationReason(entry: CatalogEntry, all: readonly CatalogEntry[]): string {
  if (entry.thinking === 'always') return m.model_why_reasons();
  if (!chats(entry)) return entry.tasks.includes('code') ? m.model_why_code() : m.model_why_other();
  const chatModels = all.filter(chats);
  if (chatModels[0] === entry) return m.model_why_strongest();
  const smallest = Math.min(...chatModels.map(({ parameters }) => parameters));
  return entry.parameters === smallest ? m.model_why_quickest() : m.model_why_other();
}

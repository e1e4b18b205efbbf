/** llama.cpp's web UI: one conversation with its messages, in a list (older versions) or as lines (newer ones). */
import { isFields, textIn, type Fields } from '../../src/contracts/fields';
import { longestText } from './foreign-content';
import type { ForeignConversation, ForeignFile, ForeignMessage } from './foreign-conversation';
import { foreignTime } from './foreign-time';

/** Files whose text is there. Pictures and sounds are not: no model here could look at them. */
function filesOf(extra: unknown): readonly ForeignFile[] {
  if (!Array.isArray(extra)) return [];
  return extra.filter(isFields).flatMap((file) => {
    const text = textIn(file['content'], longestText);
    if (text === undefined || text === '') return [];
    const mediaType = textIn(file['mimeType'], 100) ?? 'text/plain';
    return [{ name: textIn(file['name'], 200) ?? 'file.txt', mediaType, text }];
  });
}

function messageOf(fields: Fields): ForeignMessage {
  const { role, type } = fields;
  const isSpoken = (role === 'user' || role === 'assistant') && type !== 'root';
  return {
    id: textIn(fields['id'], 200) ?? '',
    parentId: textIn(fields['parent'], 200) ?? null,
    role: isSpoken ? role : null,
    text: textIn(fields['content'], longestText) ?? '',
    thought: textIn(fields['reasoningContent'] ?? fields['thinking'], longestText),
    createdAt: foreignTime(fields['timestamp']),
    model: textIn(fields['model'], 200),
    files: filesOf(fields['extra']),
  };
}

export const isLlamaCpp = (fields: Fields): boolean => isFields(fields['conv']) && Array.isArray(fields['messages']);

export function llamaCppConversation(conv: Fields, messages: readonly Fields[]): ForeignConversation {
  const system = messages.find(({ role, type }) => role === 'system' && type !== 'root');
  return {
    program: 'llama-cpp',
    id: textIn(conv['id'], 200),
    title: textIn(conv['name'], 500),
    updatedAt: foreignTime(conv['lastModified']),
    systemPrompt: textIn(system?.['content'], 200_000),
    leafId: textIn(conv['currNode'], 200),
    messages: messages.map(messageOf),
  };
}

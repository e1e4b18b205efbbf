/** WebLLM Chat (and what it descends from): its whole state with a list of sessions, or the bare messages of one. */
import { isFields, textIn, type Fields } from '../../src/shared/domain/fields';
import { contentText } from './foreign-content';
import type { ForeignConversation } from './foreign-conversation';
import type { ForeignMessage } from './foreign-message';
import { foreignTime } from './foreign-time';

/** So begins the system message that its export adds to a conversation, with the topic behind. */
const exportersOwnLine = 'You are an assistant that';

/** A system message that somebody wrote. */
const isAside = ({ role, content }: Fields): boolean =>
  role === 'system' && content !== '' && !(typeof content === 'string' && content.startsWith(exportersOwnLine));

const isMessage = (value: unknown): value is Fields => isFields(value) && typeof value['role'] === 'string';

export const isWebLlmSession = (fields: Fields): boolean =>
  Array.isArray(fields['messages']) && fields['messages'].length > 0 && fields['messages'].every(isMessage);

/** The sessions in a saved state; null where it is none. */
export function webLlmSessions(fields: Fields): readonly Fields[] | null {
  const inner = [fields['chat-next-web-store'], fields['state'], fields].filter(isFields);
  const list = inner.map(({ sessions }) => sessions).find((sessions) => Array.isArray(sessions));
  return list ? (list as unknown[]).filter(isFields) : null;
}

/** `topic` is the name of a session; the messages follow one another. */
export function webLlmConversation(session: Fields): ForeignConversation {
  const given = (Array.isArray(session['messages']) ? session['messages'] : []).filter(isMessage);
  const template = isFields(session['template']) ? session['template'] : session['mask'];
  const context = isFields(template) && Array.isArray(template['context']) ? template['context'].filter(isMessage) : [];
  const system = [...context, ...given].find(isAside);
  const messages = given.map((message, index): ForeignMessage => {
    const { role } = message;
    const content = contentText(message['content']);
    return {
      id: textIn(message['id'], 200) ?? String(index),
      parentId: index === 0 ? null : (textIn(given[index - 1]?.['id'], 200) ?? String(index - 1)),
      role: role === 'user' || role === 'assistant' ? role : null,
      text: content.text,
      leftOut: [...content.leftOut, ...(isAside(message) && message !== system ? (['hidden'] as const) : [])],
      createdAt: foreignTime(message['date']),
      model: textIn(message['model'], 200),
    };
  });
  return {
    program: 'web-llm-chat',
    id: textIn(session['id'], 200),
    title: textIn(session['topic'] ?? session['title'], 500),
    updatedAt: foreignTime(session['lastUpdate']),
    systemPrompt: textIn(system?.['content'], 200_000),
    messages,
  };
}

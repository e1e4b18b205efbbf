/** Tells by its content what a value is, whatever the file is called. */
import { chatFileType, chatFileVersion, type ChatFileFormat } from '../../src/shared/protocol/chat-files';
import { isFields, textIn, type Fields } from '../../src/shared/domain/fields';
import { chatgptConversation, isChatgpt } from './chatgpt';
import { fromForeign, type ForeignConversation } from './foreign-conversation';
import { isLlamaCpp, llamaCppConversation } from './llama-cpp';
import { isOpenWebui, openWebuiConversation } from './open-webui';
import type { Reading } from './reading';
import { isWebLlmSession, webLlmConversation, webLlmSessions } from './web-llm-chat';

type ForeignFormat = Exclude<ChatFileFormat, 'sotto'>;

interface Recognized {
  readonly format: ForeignFormat;
  readonly conversations: readonly ForeignConversation[];
}

const llama = (fields: Fields): ForeignConversation =>
  llamaCppConversation(
    isFields(fields['conv']) ? fields['conv'] : {},
    Array.isArray(fields['messages']) ? fields['messages'].filter(isFields) : [],
  );

/** Null for what is no conversation of any program that is known here. */
function recognize(value: unknown): Recognized | null {
  if (!isFields(value)) return null;
  if (isChatgpt(value)) return { format: 'chatgpt', conversations: [chatgptConversation(value)] };
  if (isLlamaCpp(value)) return { format: 'llama-cpp', conversations: [llama(value)] };
  if (isOpenWebui(value)) return { format: 'open-webui', conversations: [openWebuiConversation(value)] };
  const sessions = webLlmSessions(value);
  if (sessions) return { format: 'web-llm-chat', conversations: sessions.map(webLlmConversation) };
  if (isWebLlmSession(value)) return { format: 'web-llm-chat', conversations: [webLlmConversation(value)] };
  return null;
}

export interface ReadValue {
  readonly format: ForeignFormat | null;
  readonly readings: readonly Reading[];
}

export async function readValue(value: unknown, place: number): Promise<ReadValue> {
  const recognized = recognize(value);
  if (!recognized) {
    const title = isFields(value) ? textIn(value['title'] ?? value['name'], 200) : undefined;
    const problem = 'not-a-conversation' as const;
    return { format: null, readings: [{ broken: [{ place, problem, ...(title === undefined ? {} : { title }) }] }] };
  }
  const readings: Reading[] = [];
  for (const foreign of recognized.conversations) {
    const conversation = await fromForeign(foreign);
    if (conversation) readings.push({ conversations: [conversation] });
    // A new chat in which nothing has been said yet is nothing to complain about.
    else if (recognized.conversations.length === 1) {
      readings.push({ broken: [{ place, title: foreign.title ?? '', problem: 'no-messages' }] });
    }
  }
  return { format: recognized.format, readings };
}

/** What the first line of a file of lines says of it; null where it is none. */
export function lineFormatOf(
  first: unknown,
): { readonly format: 'sotto' | 'llama-cpp'; readonly newer: boolean } | null {
  if (!isFields(first)) return null;
  const { type, version } = first;
  if (type === chatFileType)
    return { format: 'sotto', newer: typeof version === 'number' && version > chatFileVersion };
  return type === 'session' ? { format: 'llama-cpp', newer: false } : null;
}

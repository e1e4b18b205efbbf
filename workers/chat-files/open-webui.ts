/** Open WebUI: a list of chats, each with a tree of messages under `chat.history`. */
import type { LeftOutKind } from '../../src/shared/protocol/chat-files';
import { isFields, textIn, type Fields } from '../../src/shared/domain/fields';
import { withoutDetails, type WithoutDetails } from './details-blocks';
import { contentText, imagePlace, longestText, mediaKind } from './foreign-content';
import type { ForeignConversation } from './foreign-conversation';
import type { ForeignFile, ForeignMessage } from './foreign-message';
import { foreignTime } from './foreign-time';

interface Files {
  readonly files: readonly ForeignFile[];
  readonly leftOut: readonly LeftOutKind[];
}

function filesOf(given: unknown): Files {
  const files: ForeignFile[] = [];
  const leftOut: LeftOutKind[] = [];
  for (const entry of Array.isArray(given) ? given.filter(isFields) : []) {
    const file = isFields(entry['file']) ? entry['file'] : {};
    const data = isFields(file['data']) ? file['data'] : {};
    const text = textIn(data['content'], longestText);
    const name = textIn(entry['name'] ?? file['filename'], 200) ?? 'file.txt';
    if (text) files.push({ name, mediaType: 'text/plain', text });
    else leftOut.push(mediaKind({ type: entry['type'], mimeType: entry['content_type'] }));
  }
  return { files, leftOut };
}

const textsIn = (parts: unknown): string =>
  Array.isArray(parts)
    ? parts.flatMap((part) => (isFields(part) ? (textIn(part['text'], longestText) ?? []) : [])).join('')
    : '';

/** An answer as a list of what a model put out, where it has not been written out as text. */
function outputParts(output: unknown): WithoutDetails {
  const texts: string[] = [];
  const thoughts: string[] = [];
  const leftOut: LeftOutKind[] = [];
  for (const item of Array.isArray(output) ? output.filter(isFields) : []) {
    const type = item['type'];
    if (type === 'message') texts.push(textsIn(item['content']));
    else if (type === 'reasoning') thoughts.push(textsIn(item['summary']) || textsIn(item['content']));
    else if (type === 'function_call' || type === 'open_webui:code_interpreter') leftOut.push('tool-call');
    else leftOut.push(type === 'function_call_output' ? 'tool-result' : 'unknown');
  }
  return { text: texts.filter(Boolean).join('\n\n'), thoughts: thoughts.filter(Boolean), leftOut };
}

function answerOf(
  content: string,
  fields: Fields,
): Pick<ForeignMessage, 'text' | 'thought' | 'thinkingMs' | 'leftOut'> {
  const { thoughts, ...parts } = content.trim() === '' ? outputParts(fields['output']) : withoutDetails(content);
  const sources = Array.isArray(fields['sources']) ? fields['sources'].map(() => 'source' as const) : [];
  return { ...parts, thought: thoughts.join('\n\n'), leftOut: [...parts.leftOut, ...sources] };
}

function messageOf(id: string, fields: Fields, parentId: string | null, prompt: string | undefined): ForeignMessage {
  const { role } = fields;
  const content = contentText(fields['content']);
  const { files, leftOut } = filesOf(fields['files']);
  const words = role === 'assistant' ? answerOf(content.text, fields) : { text: content.text };
  return {
    id,
    parentId,
    role: role === 'user' || role === 'assistant' ? role : null,
    ...words,
    text: words.text === '' && leftOut.includes('image') ? imagePlace : words.text,
    createdAt: foreignTime(fields['timestamp']),
    model: textIn(fields['modelName'] ?? fields['model'], 200),
    files,
    leftOut: [
      ...content.leftOut,
      ...leftOut,
      ...(words.leftOut ?? []),
      ...(role === 'tool' ? (['tool-result'] as const) : []),
      ...(role === 'system' && content.text !== prompt && content.text !== '' ? (['hidden'] as const) : []),
    ],
  };
}

/** A system prompt may stand among the messages. */
function systemMessageOf(chat: Fields): string | undefined {
  const history = isFields(chat['history']) ? chat['history'] : {};
  const messages = isFields(history['messages']) ? Object.values(history['messages']) : chat['messages'];
  const found = Array.isArray(messages)
    ? messages.filter(isFields).find(({ role, content }) => role === 'system' && content)
    : undefined;
  return textIn(found?.['content'], 200_000);
}

function messagesOf(chat: Fields, prompt: string | undefined): readonly ForeignMessage[] {
  const history = isFields(chat['history']) ? chat['history'] : {};
  if (isFields(history['messages'])) {
    return Object.entries(history['messages']).flatMap(([id, message]) =>
      isFields(message) ? [messageOf(id, message, textIn(message['parentId'], 200) ?? null, prompt)] : [],
    );
  }
  // Before it had a tree.
  const list = Array.isArray(chat['messages']) ? chat['messages'].filter(isFields) : [];
  return list.map((message, index) =>
    messageOf(String(index), message, index === 0 ? null : String(index - 1), prompt),
  );
}

const tagsOf = (...lists: readonly unknown[]): readonly string[] => {
  const list = lists.find(Array.isArray) ?? [];
  const names = list.map((tag: unknown) => textIn(isFields(tag) ? tag['name'] : tag, 40)?.trim());
  return [...new Set(names.filter((name) => name !== undefined && name !== ''))].slice(0, 50) as string[];
};

export const isOpenWebui = (fields: Fields): boolean => {
  const chat = isFields(fields['chat']) ? fields['chat'] : fields;
  return isFields(chat['history']) || (isFields(fields['chat']) && Array.isArray(chat['messages']));
};

export function openWebuiConversation(fields: Fields): ForeignConversation {
  const chat = isFields(fields['chat']) ? fields['chat'] : fields;
  const history = isFields(chat['history']) ? chat['history'] : {};
  const params = isFields(chat['params']) ? chat['params'] : {};
  const prompt = textIn(chat['system'] ?? params['system'], 200_000) || systemMessageOf(chat);
  const meta = isFields(fields['meta']) ? fields['meta'] : {};
  return {
    program: 'open-webui',
    id: textIn(fields['id'] ?? chat['id'], 200) || undefined,
    title: textIn(fields['title'] ?? chat['title'], 500),
    createdAt: foreignTime(fields['created_at'] ?? chat['timestamp']),
    updatedAt: foreignTime(fields['updated_at']),
    pinned: fields['pinned'] === true,
    archived: fields['archived'] === true,
    tags: tagsOf(meta['tags'], chat['tags']),
    systemPrompt: prompt,
    leafId: textIn(history['currentId'], 200),
    messages: messagesOf(chat, prompt),
  };
}

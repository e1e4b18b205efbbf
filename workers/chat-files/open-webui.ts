/** Open WebUI: a list of chats, each with a tree of messages under `chat.history`. */
import { isFields, textIn, type Fields } from '../../src/contracts/fields';
import { contentText, longestText } from './foreign-content';
import type { ForeignConversation, ForeignFile, ForeignMessage } from './foreign-conversation';
import { foreignTime } from './foreign-time';

/** It writes thoughts into the answer, as a folded block of quoted lines. */
const reasoning = /^\s*<details[^>]*type="reasoning"[^>]*>([\s\S]*?)<\/details>\s*/;

function answerParts(content: string): Pick<ForeignMessage, 'text' | 'thought'> {
  const [block, inner = ''] = reasoning.exec(content) ?? [];
  if (block === undefined) return { text: content };
  const thought = inner
    .replace(/<summary>[\s\S]*?<\/summary>/, '')
    .replaceAll(/^(?:>|&gt;) ?/gm, '')
    .trim();
  return { text: content.slice(block.length), thought };
}

function filesOf(files: unknown): readonly ForeignFile[] {
  if (!Array.isArray(files)) return [];
  return files.filter(isFields).flatMap((entry) => {
    const file = isFields(entry['file']) ? entry['file'] : {};
    const data = isFields(file['data']) ? file['data'] : {};
    const text = textIn(data['content'], longestText);
    if (text === undefined || text === '') return [];
    return [{ name: textIn(entry['name'] ?? file['filename'], 200) ?? 'file.txt', mediaType: 'text/plain', text }];
  });
}

function messageOf(id: string, fields: Fields, parentId: string | null): ForeignMessage {
  const { role } = fields;
  const content = contentText(fields['content']);
  return {
    id,
    parentId,
    role: role === 'user' || role === 'assistant' ? role : null,
    ...(role === 'assistant' ? answerParts(content) : { text: content }),
    createdAt: foreignTime(fields['timestamp']),
    model: textIn(fields['modelName'] ?? fields['model'], 200),
    files: filesOf(fields['files']),
  };
}

function messagesOf(chat: Fields): readonly ForeignMessage[] {
  const history = isFields(chat['history']) ? chat['history'] : {};
  if (isFields(history['messages'])) {
    return Object.entries(history['messages']).flatMap(([id, message]) =>
      isFields(message) ? [messageOf(id, message, textIn(message['parentId'], 200) ?? null)] : [],
    );
  }
  // Before it had a tree.
  const list = Array.isArray(chat['messages']) ? chat['messages'].filter(isFields) : [];
  return list.map((message, index) => messageOf(String(index), message, index === 0 ? null : String(index - 1)));
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
    systemPrompt: textIn(chat['system'] ?? params['system'], 200_000),
    leafId: textIn(history['currentId'], 200),
    messages: messagesOf(chat),
  };
}

/** ChatGPT's `conversations.json`: a list of conversations, each a tree of nodes under `mapping`. */
import { isFields, textIn, type Fields } from '../../src/contracts/fields';
import { longestText } from './foreign-content';
import type { ForeignConversation, ForeignMessage } from './foreign-conversation';
import { foreignTime } from './foreign-time';

/** Text of the parts of a message; a picture leaves its place, since only its name is in the file. */
function partsText(parts: unknown): string {
  if (!Array.isArray(parts)) return '';
  return parts
    .map((part) => {
      if (typeof part === 'string') return part;
      if (!isFields(part)) return '';
      if (typeof part['text'] === 'string') return part['text'];
      return part['content_type'] === 'image_asset_pointer' ? '[image]' : '';
    })
    .filter((text) => text !== '')
    .join('\n\n')
    .slice(0, longestText);
}

function thoughtsText(thoughts: unknown): string {
  if (!Array.isArray(thoughts)) return '';
  return thoughts
    .filter(isFields)
    .map(({ summary, content }) => [textIn(summary, 1000), textIn(content, longestText)].filter(Boolean).join('\n\n'))
    .join('\n\n');
}

type Words = Pick<ForeignMessage, 'role' | 'text' | 'thought'>;
const nothing: Words = { role: null, text: '' };

/** What was said between person and model. What a model said to its tools, and they to it, is left out. */
function wordsOf(message: Fields): Words {
  const content = isFields(message['content']) ? message['content'] : {};
  const author = isFields(message['author']) ? message['author'] : {};
  const metadata = isFields(message['metadata']) ? message['metadata'] : {};
  const { role } = author;
  if (content['content_type'] === 'thoughts') return { ...nothing, thought: thoughtsText(content['thoughts']) };
  if (role !== 'user' && role !== 'assistant') return nothing;
  if (metadata['is_visually_hidden_from_conversation'] === true) return nothing;
  const { recipient = 'all' } = message;
  if (recipient !== 'all' && recipient !== null) return nothing;
  const type = content['content_type'] ?? 'text';
  let text = '';
  if (type === 'text' || type === 'multimodal_text') text = partsText(content['parts']);
  else if (type === 'code') text = `\`\`\`\n${textIn(content['text'], longestText) ?? ''}\n\`\`\``;
  return text.trim() === '' ? nothing : { role, text };
}

function messageOf(id: string, node: Fields): ForeignMessage {
  const message = isFields(node['message']) ? node['message'] : {};
  const metadata = isFields(message['metadata']) ? message['metadata'] : {};
  return {
    id,
    parentId: textIn(node['parent'], 200) ?? null,
    ...wordsOf(message),
    createdAt: foreignTime(message['create_time']),
    model: textIn(metadata['model_slug'], 200),
  };
}

export const isChatgpt = (fields: Fields): boolean => isFields(fields['mapping']);

export function chatgptConversation(fields: Fields): ForeignConversation {
  const mapping = isFields(fields['mapping']) ? fields['mapping'] : {};
  return {
    program: 'chatgpt',
    id: textIn(fields['conversation_id'] ?? fields['id'], 200),
    title: textIn(fields['title'], 500),
    createdAt: foreignTime(fields['create_time']),
    updatedAt: foreignTime(fields['update_time']),
    archived: fields['is_archived'] === true,
    leafId: textIn(fields['current_node'], 200),
    messages: Object.entries(mapping).flatMap(([id, node]) => (isFields(node) ? [messageOf(id, node)] : [])),
  };
}

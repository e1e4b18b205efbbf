import { cutText } from '../../src/shared/domain/cut-text';
import { isFields, textIn, type Fields } from '../../src/shared/domain/fields';
import { longestText } from './foreign-content';

/** A node of ChatGPT's `mapping`, with what a reader asks for first. */
export interface ChatgptNode {
  readonly id: string;
  readonly parentId: string | null;
  readonly message: Fields;
  readonly content: Fields;
  readonly metadata: Fields;
  /** "user", "assistant", "system" or "tool". */
  readonly role: unknown;
  /** The tool that speaks, or null. */
  readonly toolName: string | null;
  /** To whom it is said: a tool's name, or "all". */
  readonly recipient: string;
  readonly contentType: string;
}

const fieldsIn = (value: unknown): Fields => (isFields(value) ? value : {});

export function chatgptNodes(mapping: Fields): readonly ChatgptNode[] {
  return Object.entries(mapping).flatMap(([id, node]) => {
    if (!isFields(node)) return [];
    const message = fieldsIn(node['message']);
    const author = fieldsIn(message['author']);
    const content = fieldsIn(message['content']);
    return {
      id,
      parentId: textIn(node['parent'], 200) ?? null,
      message,
      content,
      metadata: fieldsIn(message['metadata']),
      role: author['role'],
      toolName: textIn(author['name'], 200) ?? null,
      recipient: textIn(message['recipient'], 200) ?? 'all',
      contentType: textIn(content['content_type'], 100) ?? 'text',
    };
  });
}

/** All the text in it, of whatever form it is. */
export function textOf({ content }: ChatgptNode): string {
  const text = textIn(content['text'] ?? content['result'], longestText);
  if (text !== undefined) return text;
  const parts = Array.isArray(content['parts']) ? content['parts'] : [];
  const texts = parts.flatMap((part) => textIn(isFields(part) ? part['text'] : part, longestText) ?? []);
  return cutText(texts.join('\n\n'), longestText);
}

import { cutText } from '../../src/shared/domain/cut-text';
import type { LeftOutKind } from '../../src/shared/protocol/chat-files';
import { isFields, textIn, type Fields } from '../../src/shared/domain/fields';

/** Characters of one message. */
export const longestText = 10_000_000;

/** Stands where a picture was. */
export const imagePlace = '[image]';

export interface ForeignContent {
  readonly text: string;
  readonly leftOut: readonly LeftOutKind[];
}

/** What a part of a message or a file is that no model here could take, by what it says of itself. */
export function mediaKind({ type, mimeType }: Fields): LeftOutKind {
  const said = `${String(type)} ${String(mimeType)}`.toLowerCase();
  if (said.includes('image')) return 'image';
  if (said.includes('audio')) return 'audio';
  return said.includes('video') ? 'video' : 'file';
}

/** The text of a message that is a text, or a list of texts, pictures and other things. A picture leaves its place. */
export function contentText(content: unknown): ForeignContent {
  if (typeof content === 'string') return { text: cutText(content, longestText), leftOut: [] };
  if (!Array.isArray(content)) return { text: '', leftOut: [] };
  const leftOut: LeftOutKind[] = [];
  const texts = content.filter(isFields).flatMap((part) => {
    if (part['type'] === 'text') return textIn(part['text'], longestText) ?? [];
    const kind = mediaKind(part);
    leftOut.push(kind);
    return kind === 'image' ? imagePlace : [];
  });
  return { text: cutText(texts.join('\n\n'), longestText), leftOut };
}

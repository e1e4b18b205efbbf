/** ChatGPT's `conversations.json`: a list of conversations, each a tree of nodes under `mapping`. */
import { cutText } from '../../src/shared/domain/cut-text';
import type { LeftOutKind } from '../../src/shared/protocol/chat-files';
import { isFields, textIn, type Fields } from '../../src/shared/domain/fields';
import { canvasParts, isCanvasTool, type CanvasPart } from './chatgpt-canvas';
import { withoutMarks } from './chatgpt-marks';
import { chatgptNodes, textOf, type ChatgptNode } from './chatgpt-node';
import { fenced } from './code-fence';
import { imagePlace, longestText } from './foreign-content';
import type { ForeignConversation } from './foreign-conversation';
import type { ForeignMessage } from './foreign-message';
import { foreignTime } from './foreign-time';

type Words = Pick<ForeignMessage, 'role' | 'text' | 'thought' | 'thinkingMs' | 'document'> & {
  readonly leftOut: readonly LeftOutKind[];
};

const nothing = (...leftOut: readonly LeftOutKind[]): Words => ({ role: null, text: '', leftOut });

/** What stands for a part of a message that is no text; undefined for what says nothing by itself. */
function mediaIn(part: Fields): LeftOutKind | undefined {
  const type = String(part['content_type']);
  if (type === 'image_asset_pointer') return 'image';
  if (type === 'audio_transcription') return undefined;
  if (type.startsWith('audio') || type.startsWith('real_time')) return 'audio';
  return type.startsWith('video') ? 'video' : undefined;
}

/** Text of the parts of a message, with what was said aloud. A picture leaves its place, since only its name is in the file. */
function partsOf(parts: unknown): Pick<Words, 'text' | 'leftOut'> {
  const leftOut: LeftOutKind[] = [];
  const texts = (Array.isArray(parts) ? parts : []).flatMap((part): readonly string[] => {
    if (typeof part === 'string') return [part];
    if (!isFields(part)) return [];
    const media = mediaIn(part);
    if (media !== undefined) leftOut.push(media);
    if (typeof part['text'] === 'string') return [part['text']];
    if (media === undefined) leftOut.push('unknown');
    return media === 'image' ? [imagePlace] : [];
  });
  return {
    text: cutText(texts.filter((text) => text !== '').join('\n\n'), longestText),
    leftOut,
  };
}

/** Files that a person gave; their content is not in the export. Pictures among them are parts of the message, too. */
function filesOf({ metadata }: ChatgptNode): Pick<Words, 'text' | 'leftOut'> {
  const files = (Array.isArray(metadata['attachments']) ? metadata['attachments'] : [])
    .filter(isFields)
    .filter((file) => !String(file['mime_type'] ?? file['mimeType']).startsWith('image/'));
  const places = files.map(
    ({ name }) =>
      `[file: ${
        textIn(name, 200)
          ?.replaceAll(/[\s[\]]+/g, ' ')
          .trim() || '?'
      }]`,
  );
  return { text: places.join('\n'), leftOut: files.map(() => 'file') };
}

function thoughtsOf({ content }: ChatgptNode): string {
  const thoughts = Array.isArray(content['thoughts']) ? content['thoughts'].filter(isFields) : [];
  return thoughts
    .map(({ summary, content: words }) =>
      [textIn(summary, 1000), textIn(words, longestText)].filter(Boolean).join('\n\n'),
    )
    .join('\n\n');
}

/** What a tool answered. Only the pictures that it made are shown to a person there. */
function toolWords(node: ChatgptNode): Words {
  if (isCanvasTool(node.toolName)) return nothing();
  const { text, leftOut } = partsOf(node.content['parts']);
  const images = leftOut.filter((kind) => kind === 'image');
  if (images.length > 0) return { role: 'assistant', text: images.map(() => imagePlace).join('\n\n'), leftOut: images };
  return text.trim() === '' && textOf(node).trim() === '' ? nothing() : nothing('tool-result');
}

/** What was said between person and model. What a model said to its tools, and they to it, is left out, and counted. */
function wordsOf(node: ChatgptNode, canvas: CanvasPart | undefined): Words {
  const { role, content, metadata, contentType: type, recipient } = node;
  if (canvas) {
    const { text, document, leftOut } = canvas;
    return text === null ? nothing(...leftOut) : { role: 'assistant', text, document, leftOut };
  }
  if (type === 'thoughts') return { ...nothing(), thought: withoutMarks(thoughtsOf(node), metadata).text };
  if (type === 'reasoning_recap') {
    const seconds = metadata['finished_duration_sec'];
    return typeof seconds === 'number' && seconds > 0 ? { ...nothing(), thinkingMs: seconds * 1000 } : nothing();
  }
  if (role === 'tool') return toolWords(node);
  if (type === 'model_editable_context') {
    return textIn(content['model_set_context'], 1)?.trim() ? nothing('memory') : nothing();
  }
  // It becomes the system prompt.
  if (type === 'user_editable_context') return nothing();
  const isHidden = metadata['is_visually_hidden_from_conversation'] === true;
  if (isHidden || (role !== 'user' && role !== 'assistant')) {
    return textOf(node).trim() === '' ? nothing() : nothing('hidden');
  }
  if (recipient !== 'all') return textOf(node).trim() === '' ? nothing() : nothing('tool-call');
  const files = filesOf(node);
  const said =
    type === 'code'
      ? { text: fenced(textOf(node), languageOf(content)), leftOut: [] }
      : Array.isArray(content['parts'])
        ? partsOf(content['parts'])
        : { text: textOf(node), leftOut: [] };
  const isKnown = ['text', 'multimodal_text', 'code'].includes(type);
  const spoken = role === 'assistant' ? withoutMarks(said.text, metadata) : { text: said.text, leftOut: [] };
  const text = [files.text, spoken.text].filter((part) => part.trim() !== '').join('\n\n');
  const leftOut = [...files.leftOut, ...said.leftOut, ...spoken.leftOut];
  if (text === '') return nothing(...leftOut, ...(isKnown || leftOut.length > 0 ? [] : (['unknown'] as const)));
  return { role, text, leftOut };
}

const languageOf = ({ language }: Fields): string => (language === 'unknown' ? '' : (textIn(language, 40) ?? ''));

/** What a person has told of themselves, and how they want to be answered: it goes before every conversation there. */
function customInstructions(nodes: readonly ChatgptNode[]): string | undefined {
  for (const { content, metadata, contentType } of nodes) {
    const told = isFields(metadata['user_context_message_data']) ? metadata['user_context_message_data'] : {};
    const texts =
      contentType === 'user_editable_context'
        ? [content['user_profile'], content['user_instructions']]
        : [told['about_user_message'], told['about_model_message']];
    const prompt = texts.flatMap((text) => textIn(text, 100_000)?.trim() || []).join('\n\n');
    if (prompt !== '') return prompt;
  }
  return undefined;
}

export const isChatgpt = (fields: Fields): boolean => isFields(fields['mapping']);

export function chatgptConversation(fields: Fields): ForeignConversation {
  const nodes = chatgptNodes(isFields(fields['mapping']) ? fields['mapping'] : {});
  const canvas = canvasParts(nodes);
  return {
    program: 'chatgpt',
    id: textIn(fields['conversation_id'] ?? fields['id'], 200),
    title: textIn(fields['title'], 500),
    createdAt: foreignTime(fields['create_time']),
    updatedAt: foreignTime(fields['update_time']),
    archived: fields['is_archived'] === true,
    systemPrompt: customInstructions(nodes),
    leafId: textIn(fields['current_node'], 200),
    messages: nodes.map((node) => ({
      id: node.id,
      parentId: node.parentId,
      ...wordsOf(node, canvas.get(node.id)),
      createdAt: foreignTime(node.message['create_time']),
      model: textIn(node.metadata['model_slug'], 200),
    })),
  };
}

/** llama.cpp's web UI: one conversation with its messages, in a list (older versions) or as lines (newer ones). */
import type { LeftOutKind } from '../../src/shared/protocol/chat-files';
import { isFields, textIn, type Fields } from '../../src/shared/domain/fields';
import { imagePlace, longestText, mediaKind } from './foreign-content';
import type { ForeignConversation } from './foreign-conversation';
import type { ForeignFile, ForeignMessage } from './foreign-message';
import { foreignTime } from './foreign-time';

interface Extras {
  readonly files: readonly ForeignFile[];
  readonly leftOut: readonly LeftOutKind[];
}

/** Files whose text is there. Pictures and sounds are not taken: no model here could look at them. */
function extrasOf(extra: unknown): Extras {
  const entries = Array.isArray(extra) ? extra.filter(isFields) : [];
  const files: ForeignFile[] = [];
  const leftOut: LeftOutKind[] = [];
  for (const entry of entries) {
    const text = textIn(entry['content'], longestText);
    const mediaType = textIn(entry['mimeType'], 100) ?? 'text/plain';
    if (text) files.push({ name: textIn(entry['name'], 200) ?? 'file.txt', mediaType, text });
    // A PDF may have been given as pictures of its pages.
    else if (text === undefined || entry['type'] === 'PDF') leftOut.push(mediaKind(entry));
  }
  return { files, leftOut };
}

/** What older versions wrote into an answer, between marks of their own: thoughts, and what tools were asked and answered. */
const marked =
  /<<<reasoning_content_start>>>([\s\S]*?)(?:<<<reasoning_content_end>>>|$)|<<<AGENTIC_TOOL_CALL_START>>>([\s\S]*?)(?:<<<AGENTIC_TOOL_CALL_END>>>|$)/g;

function wordsOf(content: string): Pick<ForeignMessage, 'text' | 'thought' | 'leftOut'> {
  const thoughts: string[] = [];
  const leftOut: LeftOutKind[] = [];
  const kept: string[] = [];
  let start = 0;
  for (const match of content.matchAll(marked)) {
    const [all, thought, call] = match;
    kept.push(content.slice(start, match.index));
    start = match.index + all.length;
    if (thought !== undefined) thoughts.push(thought.trim());
    if (call === undefined) continue;
    leftOut.push('tool-call');
    if (call.split('<<<TOOL_ARGS_END>>>')[1]?.trim()) leftOut.push('tool-result');
  }
  if (kept.length === 0) return { text: content };
  const parts = [...kept, content.slice(start)].map((part) => part.trim()).filter((part) => part !== '');
  return { text: parts.join('\n\n'), thought: thoughts.join('\n\n'), leftOut };
}

function callsIn(toolCalls: unknown): readonly LeftOutKind[] {
  if (typeof toolCalls !== 'string' || toolCalls.trim() === '') return [];
  try {
    const calls: unknown = JSON.parse(toolCalls);
    return Array.isArray(calls) ? calls.map(() => 'tool-call') : ['tool-call'];
  } catch {
    return ['tool-call'];
  }
}

/** What else is said there than by the two sides, and is not the system prompt. */
function asideIn({ role, type, content }: Fields): readonly LeftOutKind[] {
  if (role === 'tool') return ['tool-result'];
  return role === 'system' && type !== 'root' && content ? ['hidden'] : [];
}

function messageOf(fields: Fields, index: number, isPrompt: boolean): ForeignMessage {
  const { role, type } = fields;
  const content = textIn(fields['content'], longestText) ?? '';
  const { files, leftOut: media } = extrasOf(fields['extra']);
  const calls = callsIn(fields['toolCalls']);
  const words = role === 'assistant' ? wordsOf(content) : { text: content };
  const text = words.text === '' && media.includes('image') ? imagePlace : words.text;
  // An answer that only calls tools is no word of either side; what comes of it stands below.
  const isSpoken =
    type !== 'root' && (role === 'user' || (role === 'assistant' && (text !== '' || calls.length === 0)));
  return {
    id: textIn(fields['id'], 200) || `line ${index}`,
    parentId: textIn(fields['parent'], 200) ?? null,
    role: isSpoken ? role : null,
    text,
    thought: [textIn(fields['reasoningContent'] ?? fields['thinking'], longestText), words.thought]
      .filter(Boolean)
      .join('\n\n'),
    createdAt: foreignTime(fields['timestamp']),
    model: textIn(fields['model'], 200),
    files,
    leftOut: [...media, ...calls, ...(words.leftOut ?? []), ...(isPrompt ? [] : asideIn(fields))],
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
    messages: messages.map((message, index) => messageOf(message, index, message === system)),
  };
}

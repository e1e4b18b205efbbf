/** ChatGPT's canvas: documents that are written and changed by calls of a tool, and stand beside the conversation. */
import type { LeftOutKind } from '../../src/shared/protocol/chat-files';
import { isFields, textIn, type Fields } from '../../src/shared/domain/fields';
import { changedDocument } from './canvas-changes';
import { textOf, type ChatgptNode } from './chatgpt-node';
import { fenced, withClosedFence } from './code-fence';
import { longestText } from './foreign-content';

const tool = 'canmore';

export interface CanvasPart {
  /** The document as it was then, for the answer; null where there is none to show. */
  readonly text: string | null;
  /** Which document it is. */
  readonly document: string;
  readonly leftOut: readonly LeftOutKind[];
}

interface CanvasDocument {
  readonly id: string;
  readonly name: string;
  /** "document", or "code/" and the language. */
  readonly type: string;
  readonly content: string;
}
type Documents = ReadonlyMap<string, CanvasDocument>;

/** Its answers tell nothing but that it was done. */
export const isCanvasTool = (name: string | null): boolean => name !== null && name.split('.')[0] === tool;

const isCall = ({ role, recipient }: ChatgptNode): boolean => role === 'assistant' && isCanvasTool(recipient);

function payloadOf(node: ChatgptNode): Fields | null {
  try {
    const payload: unknown = JSON.parse(textOf(node));
    return isFields(payload) ? payload : null;
  } catch {
    return null;
  }
}

/** Not the names of highlighters, but what they are written in. */
const languages: Readonly<Record<string, string>> = { react: 'jsx' };

/** A document as a part of an answer: code in a fence, Markdown between two lines. */
function shown({ name, type, content }: CanvasDocument): string {
  const title = `**${name
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*_[\]<>]/g, '\\$&')
    .trim()}**`;
  const [kind, language = ''] = type.split('/');
  if (kind === 'code') return `${title}\n\n${fenced(content, languages[language] ?? language)}`;
  return `---\n\n${title}\n\n${withClosedFence(content.trim())}\n\n---`;
}

/** A node, what the tool answered to it, and the documents as they were before. */
function partOf(node: ChatgptNode, answer: Fields, documents: Documents): readonly [CanvasPart | null, Documents] {
  const id = textIn(answer['textdoc_id'], 200);
  const nothing = (count: number, kind: LeftOutKind): readonly [CanvasPart, Documents] => [
    { text: null, document: '', leftOut: Array.from({ length: Math.min(count, 1000) }, () => kind) },
    documents,
  ];
  const payload = payloadOf(node);
  const call = node.recipient.split('.')[1];
  if (call === 'comment_textdoc') {
    const comments = payload?.['comments'];
    return nothing(Array.isArray(comments) ? comments.length : 1, 'canvas-comment');
  }
  const before = (id === undefined ? undefined : documents.get(id)) ?? [...documents.values()].at(-1);
  const written = call === 'create_textdoc' ? textIn(payload?.['content'], longestText) : undefined;
  if (written !== undefined) {
    const document = {
      id: id ?? node.id,
      name: textIn(payload?.['name'] ?? answer['title'], 200) || 'Canvas',
      type: textIn(payload?.['type'] ?? answer['textdoc_type'], 60) ?? 'document',
      content: written,
    };
    return withDocument(document, 0, documents);
  }
  const updates = Array.isArray(payload?.['updates']) ? payload['updates'] : null;
  if (updates === null) return nothing(1, 'canvas-change');
  // What the tool refused was never changed.
  const changed = changedDocument(before?.content ?? '', answer['is_failure'] === true ? [] : updates);
  if (changed.made === 0) return nothing(Math.max(1, changed.failed), 'canvas-change');
  const document = {
    id: before?.id ?? id ?? node.id,
    name: before?.name ?? (textIn(answer['title'], 200) || 'Canvas'),
    type: before?.type ?? textIn(answer['textdoc_type'], 60) ?? 'document',
    content: changed.content,
  };
  return withDocument(document, changed.failed, documents);
}

function withDocument(document: CanvasDocument, failed: number, before: Documents): readonly [CanvasPart, Documents] {
  const documents = new Map(before);
  // The newest stands last: a change that names none is one of it.
  documents.delete(document.id);
  documents.set(document.id, document);
  const leftOut = Array.from({ length: failed }, () => 'canvas-change' as const);
  return [{ text: shown(document), document: document.id, leftOut }, documents];
}

/**
 * What the calls of the canvas tool come to, by the ids of their nodes. Each branch has documents of its own: a change is one of
 * what stands above it.
 */
export function canvasParts(nodes: readonly ChatgptNode[]): ReadonlyMap<string, CanvasPart> {
  const parts = new Map<string, CanvasPart>();
  if (!nodes.some(isCall)) return parts;
  const below = new Map<string | null, ChatgptNode[]>();
  const ids = new Set(nodes.map(({ id }) => id));
  for (const node of nodes) {
    const parentId = node.parentId !== null && ids.has(node.parentId) ? node.parentId : null;
    const siblings = below.get(parentId);
    if (siblings) siblings.push(node);
    else below.set(parentId, [node]);
  }
  const waiting: (readonly [ChatgptNode, Documents])[] = (below.get(null) ?? []).map((node) => [node, new Map()]);
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [node, above] = next;
    let documents = above;
    const children = below.get(node.id) ?? [];
    if (isCall(node)) {
      const answer = children.map(({ metadata }) => metadata['canvas']).find(isFields);
      const [part, after] = partOf(node, answer ?? {}, documents);
      if (part) parts.set(node.id, part);
      documents = after;
    }
    for (const child of children) waiting.push([child, documents]);
  }
  return parts;
}

import type { AnswerMessage, Conversation, Message, UserMessage } from '../contracts/conversation';
import { failed, type Result } from '../contracts/failure';
import type { ConversationRepository } from '../storage/conversation-repository';
import { exportFormat } from './export-chats';

export interface ImportReport {
  readonly conversations: number;
  readonly messages: number;
  /** Lines that were not understood, or that were here already. */
  readonly skipped: number;
}

type Fields = Readonly<Record<string, unknown>>;

const isId = (value: unknown): value is string => typeof value === 'string' && value.length > 0 && value.length <= 100;
const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isText = (value: unknown): value is string => typeof value === 'string';

function parseLine(line: string): Fields | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Fields) : null;
  } catch {
    return null;
  }
}

function conversationFrom({ id, title, createdAt, updatedAt, activeLeafId }: Fields): Conversation | null {
  if (!isId(id) || !isText(title) || !isTime(createdAt) || !isTime(updatedAt)) return null;
  return {
    id,
    title: title.slice(0, 500),
    createdAt,
    updatedAt,
    activeLeafId: isId(activeLeafId) ? activeLeafId : null,
  };
}

/** Only known fields are taken over: figures and failures of another device are not ours to vouch for. */
function messageFrom({ role, id, conversationId, parentId, text, createdAt, ...rest }: Fields): Message | null {
  if (!isId(id) || !isId(conversationId) || !isText(text) || !isTime(createdAt)) return null;
  const base = { id, conversationId, parentId: isId(parentId) ? parentId : null, text, createdAt };
  if (role === 'user') return { role, ...base } satisfies UserMessage;
  if (role !== 'assistant') return null;
  const modelId = isText(rest['modelId']) ? rest['modelId'] : 'imported';
  const modelName = isText(rest['modelName']) ? rest['modelName'].slice(0, 200) : modelId;
  const state = rest['state'] === 'whole' ? 'whole' : 'interrupted';
  return { role, ...base, state, modelId, modelName } satisfies AnswerMessage;
}

/**
 * Brings exported conversations in. What is here already is never overwritten, so the same file can be imported twice.
 * The file is hostile until checked: every field is validated, unknown fields and records are dropped.
 */
export async function importChats(repository: ConversationRepository, file: Blob): Promise<Result<ImportReport>> {
  const lines = (await file.text()).split('\n').filter((line) => line.trim() !== '');
  const header = parseLine(lines[0] ?? '');
  if (header?.['type'] !== exportFormat) {
    return failed('import-unreadable', 'the first line is not a Sotto export header');
  }
  const conversations = new Map<string, Conversation>();
  const messages = new Map<string, Message>();
  let skipped = 0;
  for (const line of lines.slice(1)) {
    const fields = parseLine(line);
    const conversation = fields?.['type'] === 'conversation' ? conversationFrom(fields) : null;
    const message = fields?.['type'] === 'message' ? messageFrom(fields) : null;
    if (conversation) conversations.set(conversation.id, conversation);
    else if (message) messages.set(message.id, message);
    else skipped += 1;
  }
  const report = { conversations: 0, messages: 0, skipped };
  for (const conversation of conversations.values()) {
    const existing = await repository.read(conversation.id);
    const known = new Set(existing?.messages.map((message) => message.id));
    const fresh = [...messages.values()].filter(
      (message) => message.conversationId === conversation.id && !known.has(message.id),
    );
    if (existing === null) report.conversations += 1;
    report.messages += fresh.length;
    if (existing === null || fresh.length > 0) await repository.write(existing?.conversation ?? conversation, fresh);
  }
  return { ok: true, value: report };
}

/** Prompts as promptfoo and OpenAI have them: a text, or messages with roles. */
import type { PromptTurn } from '../../src/shared/domain/lab/case-set';
import { isFields } from '../../src/shared/domain/fields';

const roles = ['system', 'user', 'assistant'] as const;

/** Text alone, also where it comes in parts; null where a part is a picture or a call of a tool. */
function contentOf(content: unknown): string | null {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return null;
  const parts = content.map((part: unknown) =>
    isFields(part) && (part['type'] === 'text' || part['type'] === 'input_text') && typeof part['text'] === 'string'
      ? part['text']
      : null,
  );
  return parts.length === 0 || parts.includes(null) ? null : parts.join('\n');
}

/** Null where it is no list of messages, or one of them cannot be asked. */
export function turnsFromMessages(messages: unknown): readonly PromptTurn[] | null {
  if (!Array.isArray(messages) || messages.length === 0 || messages.length > 1000) return null;
  const turns = messages.map((message: unknown): PromptTurn | null => {
    if (!isFields(message)) return null;
    const role = roles.find((known) => known === message['role']);
    const content = contentOf(message['content']);
    return role === undefined || content === null ? null : { role, content };
  });
  return turns.includes(null) ? null : (turns as PromptTurn[]);
}

/** Whether a text is meant as JSON with messages. */
const looksLikeMessages = (text: string): boolean => /^\s*\[\s*\{/.test(text);

/** Turns of a prompt that is a text: one question, or messages as JSON. Null where these cannot be asked. */
export function turnsFromText(text: string): readonly PromptTurn[] | null {
  if (!looksLikeMessages(text)) return [{ role: 'user', content: text }];
  try {
    return turnsFromMessages(JSON.parse(text));
  } catch {
    // A text that only begins like JSON, or JSON that becomes whole when its variables are filled in.
    return null;
  }
}

/** The shortest text that `turnsFromText` reads as the same turns. */
export function textFromTurns(turns: readonly PromptTurn[]): string {
  const [only] = turns;
  const plain =
    turns.length === 1 && only?.role === 'user' && only.content.trim() !== '' && !looksLikeMessages(only.content);
  return plain ? only.content : JSON.stringify(turns.map(({ role, content }) => ({ role, content })));
}

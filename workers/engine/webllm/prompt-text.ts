/**
 * Writes a conversation as the model's template wants it: for counting its tokens, and to go on with an answer that was cut
 * off, which WebLLM's chat cannot. Otherwise WebLLM writes its prompts itself; both have to come to the same text.
 */
import type { ChatTurn } from '../../../src/shared/protocol/engine';
import { type ConversationTemplate, hasUnwantedSystemMessage, openedThought } from '../../mlc/conversation-template';

/** What WebLLM puts before an answer for which thinking is turned off. */
export const emptyThought = '<think>\n\n</think>\n\n';

/** The system message that a conversation is given: its own, or an empty one where the template's is not wanted. */
export function systemMessage(turns: readonly ChatTurn[], template: ConversationTemplate): string | undefined {
  const own = turns.filter(({ role }) => role === 'system').map(({ content }) => content);
  if (own.length > 0) return own.join('\n\n');
  return hasUnwantedSystemMessage(template) ? '' : undefined;
}

/** Pieces as WebLLM tokenises them, one by one: a token never reaches over the border of two. */
export function promptPieces(
  turns: readonly ChatTurn[],
  template: ConversationTemplate,
  thinking: 'on' | 'off' | undefined,
): readonly string[] {
  const system = systemText(turns, template);
  const messages = turns.filter(({ role }) => role !== 'system');
  const pieces = messages.map(({ role, content }, index) => {
    const asked = role === 'user' ? 'user' : 'assistant';
    const withoutRole = !template.addRoleAfterSystem && system !== '' && index === 0;
    const prefix = withoutRole ? '' : template.roles[asked] + template.contentSep;
    const sep = template.seps[index % template.seps.length] ?? '';
    return prefix + messageText(template, asked, content) + sep;
  });
  return [...(system === '' ? [] : [system]), ...pieces, answerHeader(template, thinking)];
}

/** The prompt for the rest of an answer. @param turns end with the answer that was cut off */
export function continuationText(
  turns: readonly ChatTurn[],
  template: ConversationTemplate,
  thinking: 'on' | 'off' | undefined,
): string {
  const cut = turns.at(-1)?.content ?? '';
  const hasThought = cut.startsWith('<think>');
  const pieces = promptPieces(turns.slice(0, -1), template, hasThought ? undefined : thinking).join('');
  const opened = openedThought(template);
  // The template's own "<think>" is part of the answer as the page knows it.
  const before = hasThought && pieces.endsWith(opened) ? pieces.slice(0, pieces.length - opened.length) : pieces;
  return before + cut;
}

function systemText(turns: readonly ChatTurn[], template: ConversationTemplate): string {
  const message = systemMessage(turns, template) ?? template.systemMessage;
  if (message === '' && !template.renderEmptySystem) return '';
  return template.systemTemplate.replace('{system_message}', () => message);
}

function answerHeader(template: ConversationTemplate, thinking: 'on' | 'off' | undefined): string {
  return thinking === 'off'
    ? template.roles.assistant + template.contentSep + emptyThought
    : template.roles.assistant + template.emptySep;
}

function messageText({ roleTemplates }: ConversationTemplate, role: 'user' | 'assistant', content: string): string {
  const template = roleTemplates?.[role];
  return template === undefined
    ? content
    : template.replace(`{${role}_message}`, () => content).replace('{function_string}', '');
}

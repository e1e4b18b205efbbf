/** How a model wants its conversations written, as its `mlc-chat-config.json` has it. */
import { FailureError } from '../../src/contracts/failure';
import { countOf, field, listOf, textOf } from './json-fields';

export interface ConversationTemplate {
  readonly name: string;
  /** With "{system_message}" in it. */
  readonly systemTemplate: string;
  readonly systemMessage: string;
  readonly systemPrefixTokenIds: readonly number[];
  readonly roles: { readonly user: string; readonly assistant: string };
  /** With "{user_message}" or "{assistant_message}" in them; absent where messages stand as they are. */
  readonly roleTemplates: { readonly user?: string; readonly assistant?: string } | undefined;
  /** By turns behind each message. */
  readonly seps: readonly string[];
  /** Between a role and its message. */
  readonly contentSep: string;
  /** Between the assistant's role and what it is going to say. */
  readonly emptySep: string;
  readonly addRoleAfterSystem: boolean;
  readonly renderEmptySystem: boolean;
}

/** @throws FailureError `model-template-broken` for a config without a template that can be used */
export function conversationTemplate(config: unknown): ConversationTemplate {
  const template = field(config, 'conv_template');
  const roles = field(template, 'roles');
  const user = textOf(field(roles, 'user'));
  const assistant = textOf(field(roles, 'assistant'));
  const seps = listOf(field(template, 'seps')).filter((sep) => typeof sep === 'string');
  if (user === undefined || assistant === undefined || seps.length === 0)
    throw new FailureError({
      kind: 'model-template-broken',
      technical: 'mlc-chat-config.json has no usable conv_template',
    });
  const templates = field(template, 'role_templates');
  const userTemplate = textOf(field(templates, 'user'));
  const assistantTemplate = textOf(field(templates, 'assistant'));
  return {
    name: textOf(field(template, 'name')) ?? '',
    systemTemplate: textOf(field(template, 'system_template')) ?? '{system_message}',
    systemMessage: textOf(field(template, 'system_message')) ?? '',
    systemPrefixTokenIds: listOf(field(template, 'system_prefix_token_ids')).filter(
      (id) => countOf(id) !== undefined,
    ) as number[],
    roles: { user, assistant },
    roleTemplates:
      templates === undefined || templates === null
        ? undefined
        : {
            ...(userTemplate !== undefined && { user: userTemplate }),
            ...(assistantTemplate !== undefined && { assistant: assistantTemplate }),
          },
    seps,
    contentSep: textOf(field(template, 'role_content_sep')) ?? ': ',
    emptySep: textOf(field(template, 'role_empty_sep')) ?? ': ',
    addRoleAfterSystem: field(template, 'add_role_after_system_message') !== false,
    renderEmptySystem: field(template, 'render_empty_system_message') !== false,
  };
}

/** What the template opens in the prompt, so that the model never says it: a thought, in some. */
export const openedThought = ({ roles, emptySep }: ConversationTemplate): string =>
  /<think>\s*$/.exec(roles.assistant + emptySep)?.[0] ?? '';

/** Whether a system message has words of its own around it. Gemma's has none: it would stand before the first role, in no turn. */
export const hasSystemTurn = ({ systemTemplate, systemMessage }: ConversationTemplate): boolean =>
  systemTemplate !== '{system_message}' || systemMessage !== '';

/**
 * MLC's templates for DeepSeek's distills bring a system message of their own, a page of rules for a hosted assistant. The
 * model's makers advise against any.
 */
export const hasUnwantedSystemMessage = ({ name, systemMessage }: ConversationTemplate): boolean =>
  systemMessage !== '' && /^deepseek/i.test(name);

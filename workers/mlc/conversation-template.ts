/** How a model wants its conversations written, as its `mlc-chat-config.json` has it. */
import { FailureError } from '../../src/shared/protocol/failure';
import { countOf, field, listOf, textOf } from './json-fields';

export interface ConversationTemplate {
  readonly name: string;
  /** With "{system_message}" in it. */
  readonly systemTemplate: string;
  readonly systemMessage: string;
  readonly systemPrefixTokenIds: readonly number[];
  /** Without a thought: what precedes answers that were given, too. */
  readonly roles: { readonly user: string; readonly assistant: string };
  /** With "{user_message}" or "{assistant_message}" in them; absent where messages stand as they are. */
  readonly roleTemplates: { readonly user?: string; readonly assistant?: string } | undefined;
  /** By turns behind each message. */
  readonly seps: readonly string[];
  /** Between a role and its message. */
  readonly contentSep: string;
  /** Between the assistant's role and what it is going to say; opens the thought of those who think. */
  readonly emptySep: string;
  /** As published, it ends each prompt with an empty thought: these weights do not think unless they are told to. */
  readonly thinksOnlyWhenTold: boolean;
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
  const header = replyHeader(assistant, textOf(field(template, 'role_empty_sep')) ?? ': ');
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
    roles: { user, assistant: header.role },
    roleTemplates:
      templates === undefined || templates === null
        ? undefined
        : {
            ...(userTemplate !== undefined && { user: userTemplate }),
            ...(assistantTemplate !== undefined && { assistant: assistantTemplate }),
          },
    seps,
    contentSep: textOf(field(template, 'role_content_sep')) ?? ': ',
    emptySep: header.emptySep,
    thinksOnlyWhenTold: header.isClosed,
    addRoleAfterSystem: field(template, 'add_role_after_system_message') !== false,
    renderEmptySystem: field(template, 'render_empty_system_message') !== false,
  };
}

interface ReplyHeader {
  readonly role: string;
  readonly emptySep: string;
  readonly isClosed: boolean;
}

/**
 * MLC has published its templates for Qwen3.5 in two editions: the thought stands in the role, or behind it. In the role it would
 * precede old answers as well, which would then be open thoughts, and thinking that is turned off would be opened twice. An
 * empty thought behind the role could not be left out where a person wants thinking.
 */
function replyHeader(role: string, emptySep: string): ReplyHeader {
  const [, plain, gap = '', rest = ''] = /^([\s\S]*?)(\s*)<think>([\s\S]*)$/.exec(role + emptySep) ?? [];
  if (plain === undefined) return { role, emptySep, isClosed: false };
  const isClosed = rest.includes('</think>');
  return { role: plain, emptySep: `${gap}<think>${isClosed ? '\n' : rest}`, isClosed };
}

/** What WebLLM has to take instead of what `mlc-chat-config.json` says, so that it writes the same prompts. */
export function conversationChanges(
  config: unknown,
  { roles, emptySep }: ConversationTemplate,
): { readonly roles: Record<string, string>; readonly role_empty_sep: string } | undefined {
  const published = field(config, 'conv_template');
  const publishedRoles = field(published, 'roles');
  if (field(publishedRoles, 'assistant') === roles.assistant && field(published, 'role_empty_sep') === emptySep)
    return undefined;
  return {
    roles: { ...(publishedRoles as Record<string, string>), assistant: roles.assistant },
    role_empty_sep: emptySep,
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

/** The text of a prompt, as the template of a model wants it. */
import { describe, expect, it } from 'vitest';
import { turnsOf } from '../../src/chat/prompt';
import type { AnswerMessage, UserMessage } from '../../src/shared/domain/conversation';
import type { ChatTurn } from '../../src/shared/protocol/engine';
import {
  conversationChanges,
  conversationTemplate,
  hasUnwantedSystemMessage,
  openedThought,
} from '../../workers/mlc/conversation-template';
import { thinkingFor, withSystemMessage } from '../../workers/engine/webllm/chat-request';
import { continuationText, emptyThought, promptPieces } from '../../workers/engine/webllm/prompt-text';
import {
  deepseek,
  gemma,
  llama3,
  qwen3,
  qwen35,
  qwen35Early,
  qwen35EarlyNoThink,
  qwen35NoThink,
} from '../fixtures/mlc-config';

const base = { conversationId: 'c', parentId: null, createdAt: 1 };
const asked = (text: string): UserMessage => ({ ...base, role: 'user', id: text, text });
const stopped: AnswerMessage = {
  ...base,
  role: 'assistant',
  id: 'a',
  text: '',
  state: 'whole',
  finishReason: 'cancelled',
  modelId: 'm',
  modelName: 'M',
};
const question: ChatTurn[] = [{ role: 'user', content: 'hi' }];
const textOf = (config: object, turns: readonly ChatTurn[], thinking?: 'on' | 'off'): string => {
  const template = conversationTemplate(config);
  return promptPieces(withSystemMessage(turns, template), template, thinking).join('');
};

describe('a prompt', () => {
  it.each([
    [
      'chatml with its own system message',
      qwen3,
      question,
      '<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n',
    ],
    [
      "a person's system message",
      qwen3,
      [{ role: 'system', content: 'Be brief.' }, ...question],
      '<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n',
    ],
    [
      'several turns, with separators by turns and no unwanted system message',
      deepseek,
      [...question, { role: 'assistant', content: 'Hello.' }, { role: 'user', content: 'and?' }],
      '<｜begin▁of▁sentence｜><｜User｜>hi<｜Assistant｜>Hello.<｜end▁of▁sentence｜><｜User｜>and?<｜Assistant｜>',
    ],
    [
      'llama 3',
      llama3,
      question,
      '<|start_header_id|>system<|end_header_id|>\n\nYou are a helpful assistant.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nhi<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n',
    ],
    [
      'a system message before the first question, where the template has no place for one',
      gemma,
      [
        { role: 'system', content: 'Be brief.' },
        ...question,
        { role: 'assistant', content: 'Hello.' },
        { role: 'user', content: 'and?' },
      ],
      '<start_of_turn>user\nBe brief.\n\nhi<end_of_turn>\n<start_of_turn>model\nHello.<end_of_turn>\n<start_of_turn>user\nand?<end_of_turn>\n<start_of_turn>model\n',
    ],
    ['no system message', gemma, question, '<start_of_turn>user\nhi<end_of_turn>\n<start_of_turn>model\n'],
    [
      'two questions of which the first got no answer, with separators by turns',
      deepseek,
      turnsOf([asked('hi'), stopped, asked('and?')]),
      '<｜begin▁of▁sentence｜><｜User｜>hi\n\nand?<｜Assistant｜>',
    ],
    [
      'an opening of the other side, with separators by turns',
      deepseek,
      turnsOf([{ ...stopped, text: 'Welcome.' }, asked('hi'), { ...stopped, text: 'Hello.' }, asked('and?')]),
      '<｜begin▁of▁sentence｜>You began this conversation with these words:\nWelcome.<｜User｜>hi<｜Assistant｜>Hello.<｜end▁of▁sentence｜><｜User｜>and?<｜Assistant｜>',
    ],
  ] as const)('%s', (_, config, turns, text) => {
    expect(textOf(config, turns)).toBe(text);
  });

  it('takes formulas as they are', () => {
    expect(textOf(qwen3, [{ role: 'user', content: "$$x$$ and $& and $' and {system_message}" }])).toContain(
      "user\n$$x$$ and $& and $' and {system_message}<|im_end|>",
    );
  });

  it('begins the answer with an empty thought where thinking is turned off', () => {
    expect(textOf(qwen3, question, 'off').endsWith(`<|im_start|>assistant\n${emptyThought}`)).toBe(true);
    // The opener of the template would be a second one.
    expect(textOf(qwen35, question, 'off').endsWith(`<|im_start|>assistant\n${emptyThought}`)).toBe(true);
  });
});

/** Both of MLC's templates for Qwen3.5, in both editions: with the thought in the role, and behind it. */
const thinkingEditions = [
  ['early', qwen35Early],
  ['later', qwen35],
] as const;
const otherEditions = [
  ['early', qwen35EarlyNoThink],
  ['later', qwen35NoThink],
] as const;
const said: ChatTurn[] = [...question, { role: 'assistant', content: 'Hello.' }, { role: 'user', content: 'and?' }];
const history =
  '<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\nHello.<|im_end|>\n<|im_start|>user\nand?<|im_end|>\n';

describe('a prompt for Qwen3.5', () => {
  it.each([...thinkingEditions, ...otherEditions])('shows old answers without an open thought: %s', (_, config) => {
    for (const thinking of ['on', 'off', undefined] as const) expect(textOf(config, said, thinking)).toContain(history);
  });

  it.each([...thinkingEditions, ...otherEditions])('opens one thought where thinking is on: %s', (_, config) => {
    expect(textOf(config, said, 'on').endsWith(`${history}<|im_start|>assistant\n<think>\n`)).toBe(true);
  });

  it.each([...thinkingEditions, ...otherEditions])('has one, empty thought where it is off: %s', (_, config) => {
    expect(textOf(config, said, 'off').endsWith(`${history}<|im_start|>assistant\n${emptyThought}`)).toBe(true);
  });

  it('has what its publisher chose where a person has chosen nothing', () => {
    const asPublished = (config: { model_type: string }): string => {
      const request = { jobId: '', turns: said, sampling: {} };
      return textOf(config, said, thinkingFor(request, config.model_type, conversationTemplate(config)));
    };
    for (const [, config] of thinkingEditions) expect(asPublished(config)).toMatch(/assistant\n<think>\n$/);
    for (const [, config] of otherEditions)
      expect(asPublished(config).endsWith(`assistant\n${emptyThought}`)).toBe(true);
  });

  it.each([...thinkingEditions, ...otherEditions])('is the same as WebLLM writes: %s', (_, config) => {
    const template = conversationTemplate(config);
    const { roles, role_empty_sep: emptySep } = { ...config.conv_template, ...conversationChanges(config, template) };
    const { role_content_sep: contentSep, seps } = config.conv_template;
    // As WebLLM's `Conversation` puts its prompt together.
    const system = config.conv_template.system_template.replace(
      '{system_message}',
      config.conv_template.system_message,
    );
    const written = said.map(({ role, content }) => roles[role as 'user'] + contentSep + content + (seps[0] ?? ''));
    const prompt = (end: string): string => system + written.join('') + roles.assistant + end;
    expect(textOf(config, said, 'on')).toBe(prompt(emptySep));
    expect(textOf(config, said, 'off')).toBe(prompt(contentSep + emptyThought));
    // Roles that we do not write stay as they are.
    expect(roles).toHaveProperty('tool', '<|im_start|>user');
  });

  it('needs no changes in WebLLM where the thought stands behind the role already', () => {
    for (const config of [qwen3, llama3, deepseek, qwen35])
      expect(conversationChanges(config, conversationTemplate(config))).toBeUndefined();
  });
});

describe('going on with an answer', () => {
  const cut = (config: object, content: string, thinking?: 'on' | 'off'): string =>
    continuationText([...question, { role: 'assistant', content }], conversationTemplate(config), thinking);

  it('ends with its text', () => {
    expect(cut(qwen3, 'Once upon').endsWith('<|im_start|>assistant\nOnce upon')).toBe(true);
  });

  it('does not open a thought twice', () => {
    expect(cut(qwen35, '<think>\nso').endsWith('<|im_start|>assistant\n<think>\nso')).toBe(true);
    expect(cut(qwen3, '<think>\nso', 'off').endsWith('<|im_start|>assistant\n<think>\nso')).toBe(true);
  });

  it('keeps the empty thought of an answer without one', () => {
    expect(cut(qwen3, 'Once', 'off').endsWith(`<|im_start|>assistant\n${emptyThought}Once`)).toBe(true);
  });
});

describe('a template', () => {
  it('tells whether it opens a thought, and brings a system message that nobody wants', () => {
    expect(openedThought(conversationTemplate(qwen35))).toBe('<think>\n');
    expect(openedThought(conversationTemplate(qwen3))).toBe('');
    expect(hasUnwantedSystemMessage(conversationTemplate(deepseek))).toBe(true);
    expect(hasUnwantedSystemMessage(conversationTemplate(qwen3))).toBe(false);
  });

  it.each([null, {}, { conv_template: 'chatml' }, { conv_template: { roles: { user: 'u' } } }])(
    'that is none is refused: %j',
    (config) => {
      expect(() => conversationTemplate(config)).toThrow('model-template-broken');
    },
  );
});

describe('thinking', () => {
  const thinking = (config: { model_type: string }, wanted?: 'on' | 'off', jsonSchema?: string) =>
    thinkingFor(
      {
        jobId: '',
        turns: question,
        sampling: jsonSchema === undefined ? {} : { jsonSchema },
        ...(wanted && { thinking: wanted }),
      },
      config.model_type,
      conversationTemplate(config),
    );

  it('is switched where a model knows the switch, and nowhere else', () => {
    expect(thinking(qwen3, 'off')).toBe('off');
    expect(thinking(qwen3, 'on')).toBe('on');
    expect(thinking(qwen3)).toBeUndefined();
    expect(thinking(llama3, 'off')).toBeUndefined();
    expect(thinking({ ...deepseek, model_type: 'qwen3' }, 'off')).toBeUndefined();
  });

  it('makes room for a form', () => {
    expect(thinking(qwen3, 'on', '{}')).toBe('off');
    expect(thinking(llama3, undefined, '')).toBeUndefined();
  });
});

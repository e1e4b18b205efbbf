import { describe, expect, it } from 'vitest';
import { turnsOf } from '../../src/chat/prompt';
import { splitThinking, withAnswer } from '../../src/shared/domain/thinking';
import type { AnswerMessage, UserMessage } from '../../src/shared/domain/conversation';
import { thoughtMarks } from '../../src/shared/domain/thought-marks';

describe('what a model thought is told from what it answered', () => {
  it.each([
    [
      'a thought and an answer',
      '<think>\nFirst.\n</think>\n\nThen.',
      { thinking: 'First.', answer: 'Then.', open: false },
    ],
    ['no thought', 'Just an answer.', { thinking: null, answer: 'Just an answer.', open: false }],
    ['an empty thought', '<think>\n\n</think>\n\nThen.', { thinking: null, answer: 'Then.', open: false }],
    [
      'an opener that the template had',
      'First.\n</think>\n\nThen.',
      { thinking: 'First.', answer: 'Then.', open: false },
    ],
    ['a thought without end', '<think>\nOn and on', { thinking: 'On and on', answer: '', open: true }],
    [
      'white space before the opener',
      '\n <think>First.</think>Then.',
      { thinking: 'First.', answer: 'Then.', open: false },
    ],
    [
      'the tag in a sentence',
      'Models write `</think>` there.',
      { thinking: null, answer: 'Models write `</think>` there.', open: false },
    ],
    ['the tag in code', '```\n</think>\n```', { thinking: null, answer: '```\n</think>\n```', open: false }],
    ['a second closer', '<think>a</think>b</think>c', { thinking: 'a', answer: 'b</think>c', open: false }],
    ['nothing', '', { thinking: null, answer: '', open: false }],
  ])('also with %s', (_name, text, expected) => {
    expect(splitThinking(text, false)).toEqual(expected);
  });

  it('never shows a part of a tag while the text grows', () => {
    const text = '<think>\nFirst < second.\n</think>\n\nThen.';
    for (let length = 0; length <= text.length; length += 1) {
      const { thinking, answer } = splitThinking(text.slice(0, length), true);
      expect(`${thinking ?? ''}|${answer}`).not.toMatch(/<\/|<t|think/);
    }
  });

  it('shows an answer at once that begins like a tag and is none', () => {
    expect(splitThinking('<th', true).answer).toBe('');
    expect(splitThinking('<that', true).answer).toBe('<that');
    expect(splitThinking('<th', false).answer).toBe('<th');
  });
});

const base = { conversationId: 'c', parentId: null, createdAt: 1 };
const asked: UserMessage = { ...base, role: 'user', id: 'q', text: 'How?' };
const answered = (text: string): AnswerMessage => ({
  ...base,
  role: 'assistant',
  id: 'a',
  text,
  state: 'whole',
  modelId: 'm',
  modelName: 'M',
});
const said = (text: string) => splitThinking(text, false);
const channels =
  '<|channel|>analysis<|message|>Greet them.<|end|><|start|>assistant<|channel|>final<|message|>Hello **there**!<|return|>';

describe('the marks of other models', () => {
  it.each(thoughtMarks)('%s … %s', (opener, closer) => {
    const text = `${opener}\nFirst < [second].\n${closer}\n\nThen.`;
    expect(said(text)).toEqual({ thinking: 'First < [second].', answer: 'Then.', open: false });
    expect(said(`${opener}On and`)).toEqual({ thinking: 'On and', answer: '', open: true });
    expect(withAnswer(text, 'New.')).toBe(`${opener}\nFirst < [second].\n${closer}\n\nNew.`);
  });

  it.each([
    ['gpt-oss', channels, 'Greet them.', 'Hello **there**!'],
    [
      'gpt-oss, with an opener that the prompt has, and words on the way',
      '<|start|>assistant<|channel|>analysis<|message|>A.<|end|><|start|>assistant<|channel|>commentary<|message|>I look it up.<|end|><|start|>assistant<|channel|>analysis<|message|>B.<|end|><|start|>assistant<|channel|>final<|message|>Done.',
      'A.\n\nB.',
      'I look it up.\n\nDone.',
    ],
    [
      'gpt-oss, which calls a tool that is not there',
      '<|channel|>analysis<|message|>A.<|end|><|start|>assistant<|channel|>commentary to=functions.get <|constrain|>json<|message|>{"x":1}<|call|>',
      'A.\n\n{"x":1}',
      '',
    ],
    ['gpt-oss without a thought', '<|channel|>final<|message|>Hi.', null, 'Hi.'],
    ['Gemma 4 without a thought', '<|channel>thought\n<channel|>Hi.', null, 'Hi.'],
    ['an answer in marks of its own', '<reasoning>\nr\n</reasoning>\n<answer>\n**42**\n</answer>\n', 'r', '**42**'],
    ['a solution', '<|begin_of_thought|>t<|end_of_thought|>\n\n<|begin_of_solution|>s<|end_of_solution|>', 't', 's'],
    ['Hunyuan without a thought', '<think>\n\n</think>\n<answer>\nHi.\n</answer>', null, 'Hi.'],
    ['several thoughts in a row', '<think>a</think>\n<think>\nb\n</think>\n\nc', 'a\n\nb', 'c'],
  ])('are known with %s', (_name, text, thinking, answer) => {
    expect(said(text)).toEqual({ thinking, answer, open: false });
    expect(said(withAnswer(text, 'Other words.'))).toEqual({ thinking, answer: 'Other words.', open: false });
  });

  it.each([
    '<answer>42</answer>',
    '[THINKING] about it',
    '<thinker>x</thinker>',
    'He said: <thinking>not a thought</thinking>',
    '[THINK',
  ])('are none: %j', (text) => expect(said(text)).toEqual({ thinking: null, answer: text, open: false }));
});

describe('a mark without its opener', () => {
  it.each([
    ['the opener stands before it', 'The format is:\n\n<think>\nreason\n</think>\n\nThe answer.'],
    ['it is in a fence of tildes', 'Write this:\n\n~~~\nreason\n</think>\n~~~\n\nThen.'],
    ['it is in a longer fence', 'So:\n\n````md\n```\nx\n```\n</think>\n````\n'],
    ['it is in a fence within a list', '1. So:\n   ```\n   </think>\n   ```\n'],
    ['it is in a fence that is quoted', '> ```\n> </think>\n> ```\n'],
    ['it is in an indented block', 'Write:\n\n    reason\n    </think>\n\nThen.'],
    ['it is in an indented block of tabs', 'Write:\n\n\treason\n\t</think>\n\nThen.'],
    ['it is in an indented block of Windows', 'Write:\r\n\r\n    reason\r\n    </think>\r\n\r\nThen.'],
    ['it is in a span of code over two lines', 'Write `reason\n</think>\nand more` there.'],
    ['it is in HTML', '<pre>\n</think>\n</pre>'],
    ['code came before it', 'Run:\n\n```\nmake\n```\n\nand write\n</think>\nat the end.'],
    ['it is followed by words', 'Write </think> at the end of it.'],
  ])('ends nothing where %s', (_name, text) => {
    expect(said(text)).toEqual({ thinking: null, answer: text, open: false });
    // It stays in the next prompt, too.
    expect(turnsOf([asked, answered(text)]).at(-1)?.content).toBe(text);
  });

  it('ends a thought else, whatever lines end with', () => {
    for (const text of [
      'I `see` it.\n</think>\n\nYes.',
      'I `see` it.</think>\nYes.',
      'I `see` it.\r\n</think> \r\n\r\nYes.',
    ])
      expect(said(text)).toEqual({ thinking: 'I `see` it.', answer: 'Yes.', open: false });
  });
});

describe('a text that grows', () => {
  const texts = [
    ...thoughtMarks.map(([opener, closer]) => `${opener}\nFirst < [second] <| ◁.\n${closer}\n\nThen < [x] more.`),
    channels,
    '<|channel|>analysis<|message|>A < b.<|end|><|start|>assistant<|channel|>commentary<|message|>So.<|end|><|start|>assistant<|channel|>final<|message|>Done < it.<|return|>',
    '<reasoning>\nr\n</reasoning>\n<answer>\n**42** < 43\n</answer>',
    '<think>a</think>\n<think>\nb\n</think>\n\nc',
    'The format is:\n\n<think>\nreason\n</think>\n\nThe answer.',
    'Write </think> at the end, or\n\n~~~\n</think>\n~~~\n',
  ];
  it.each(texts)('shows at every character only what the whole text has: %j', (text) => {
    const whole = said(text);
    for (let length = 0; length < text.length; length += 1) {
      const { thinking, answer } = splitThinking(text.slice(0, length), true);
      expect((whole.thinking ?? '').startsWith(thinking ?? ''), `${length}: ${thinking}`).toBe(true);
      expect(whole.answer.startsWith(answer.trimEnd()), `${length}: ${answer}`).toBe(true);
    }
    expect(splitThinking(text, true).thinking).toBe(whole.thinking);
  });

  it('without an opener is no thought before the line of its end has ended', () => {
    expect(splitThinking('So.\n</think>', true)).toEqual({ thinking: null, answer: 'So.\n', open: false });
    expect(splitThinking('So.\n</think>\n', true)).toEqual({ thinking: 'So.', answer: '', open: false });
  });
});

describe('other words for an answer', () => {
  it('stand behind its thoughts, ended where they were not', () => {
    expect(withAnswer('plain', 'new')).toBe('new');
    expect(said(withAnswer('<think>\nhalf a thou', 'new'))).toEqual({
      thinking: 'half a thou',
      answer: 'new',
      open: false,
    });
    expect(said(withAnswer('<|channel|>analysis<|message|>half', 'new'))).toEqual({
      thinking: 'half',
      answer: 'new',
      open: false,
    });
    expect(withAnswer('So.\n</think>\n\nold', 'new')).toBe('So.\n</think>\n\nnew');
  });
});

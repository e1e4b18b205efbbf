import { describe, expect, it } from 'vitest';
import type { ChatTurn } from '../../src/shared/protocol/engine';
import { valueOf } from '../fixtures/outcomes';
import { LlamaCppProbes, loadRequest } from '../fixtures/llama-cpp-probe';
import { scriptedModel, type ScriptedModelOptions } from '../fixtures/scripted-gguf';
import { blobOf, randomModel, shapes } from '../fixtures/synthetic-gguf';

const question: ChatTurn[] = [{ role: 'user', content: 'Hello?' }];
const script = (options: ScriptedModelOptions) => blobOf(scriptedModel(options));
const thinkingTemplate =
  "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n<think>\\n' }}{% endif %}";

const probes = new LlamaCppProbes();

describe('an answer', () => {
  it('comes token by token, each exactly once, characters of several tokens included', async () => {
    const probe = await probes.startWith(script({ answer: ['Hello', ' world', 0xf0, 0x9f, 0x8e, 0x89, ' fine!'] }));
    const answer = valueOf(await probe.generate({ turns: question }));
    expect(answer.text).toBe('Hello world🎉 fine!');
    // The last is the end-of-turn token.
    expect(answer.tokens).toEqual(['Hello', ' world', '', '', '', '🎉', ' fine!', '']);
    expect(answer).toMatchObject({ finishReason: 'stop', promptTokens: 21, reusedTokens: 0 });
  });

  it('ends at maxTokens, also in the middle of a character', async () => {
    const probe = await probes.startWith(script({ answer: ['Hello', 0xf0, 0x9f, 0x8e, 0x89] }));
    const answer = valueOf(await probe.generate({ turns: question, sampling: { temperature: 0, maxTokens: 3 } }));
    expect(answer).toMatchObject({ finishReason: 'length', tokens: ['Hello', '', ''] });
  });

  it('ends before a stop string', async () => {
    const probe = await probes.startWith(script({ answer: ['Hello', ' big', ' world'] }));
    const answer = valueOf(await probe.generate({ turns: question, sampling: { temperature: 0, stop: [' wor'] } }));
    expect(answer).toMatchObject({ finishReason: 'stop', text: 'Hello big' });
  });

  it.each([
    ['its text', { ' big': -100 }],
    ['its id', { '257': -100 }],
  ])('leaves out a token that a bias forbids, named by %s', async (_, logitBias) => {
    const probe = await probes.startWith(script({ answer: ['Hello', ' big', ' world'] }));
    const answer = valueOf(
      await probe.generate({ turns: question, sampling: { temperature: 0, maxTokens: 2, logitBias } }),
    );
    expect(answer.text.startsWith('Hello')).toBe(true);
    expect(answer.text).not.toContain(' big');
  });

  it.each([
    ['blanks and line breaks around it', ['\n\n', 'Hello', ' there', '\n\n\n', '  '], '\n\nHello there\n\n\n  '],
    [
      'what looks like a call of a tool',
      ['<tool_call>', '{"name": "x"}', '</tool_call>'],
      '<tool_call>{"name": "x"}</tool_call>',
    ],
    ['bytes that are no text', ['Hello', 0xe4, ' there', 0xf8, '. ok'], 'Hello\ufffd there\ufffd. ok'],
  ])('comes as it was said: %s', async (_, answer, text) => {
    const probe = await probes.startWith(script({ answer }));
    expect(valueOf(await probe.generate({ turns: question })).text).toBe(text);
  });

  it.each([
    [
      'said by the model',
      script({ answer: ['<think>', 'so', '</think>', ' Yes'], architecture: 'qwen3' }),
      '<think>so</think> Yes',
    ],
    [
      'opened by the template',
      script({ answer: ['so', '</think>', ' Yes'], chatTemplate: thinkingTemplate }),
      '<think>\nso</think> Yes',
    ],
    [
      'opened by a template with other marks',
      script({
        answer: ['so', '</thought>', ' Yes'],
        chatTemplate: thinkingTemplate.replace('<think>', '<thought>'),
      }),
      '<thought>\nso</thought> Yes',
    ],
  ])('keeps its thoughts marked: %s', async (_, file, text) => {
    const probe = await probes.startWith(file);
    expect(valueOf(await probe.generate({ turns: question })).text).toBe(text);
  });

  it('is reproducible by its seed, and differs without one', async () => {
    const probe = await probes.startWith(script({ answer: ['one ', 'two ', 'three '], then: 'repeat', certainty: 6 }));
    const say = async (seed?: number) =>
      valueOf(
        await probe.generate({ turns: question, sampling: { maxTokens: 24, ...(seed !== undefined && { seed }) } }),
      ).text;
    expect(await say(7)).toBe(await say(7));
    expect(await say(7)).not.toBe(await say(8));
    expect(await say()).not.toBe(await say());
  });

  it('is the same with one thread and with two', async () => {
    const file = blobOf(randomModel({ shape: shapes.tinyQwen3, quantisation: 'Q4_K' }));
    const texts: string[] = [];
    for (const threads of [1, 2]) {
      const probe = probes.start();
      expect(valueOf(await probe.load(loadRequest(file, { threads }))).threads).toBe(
        (await probe.isolated) ? threads : 1,
      );
      texts.push(
        valueOf(await probe.generate({ turns: question, sampling: { temperature: 0, maxTokens: 12 } })).tokens.join(
          '|',
        ),
      );
    }
    expect(texts[0]).toBe(texts[1]);
  });

  const words = ['The ', 'quick ', 'brown ', 'fox ', 'jumps'];
  const thoughts = ['thought ', '</think>', '  ', 'Yes ', 'indeed'];
  it.each([
    ['a plain one', { answer: words }],
    ['one that thinks', { answer: ['<think>', ...thoughts], architecture: 'qwen3' }],
    ['one whose thoughts the template opens', { answer: thoughts, chatTemplate: thinkingTemplate }],
  ] satisfies [string, ScriptedModelOptions][])(
    'cut off anywhere and continued is the uncut one: %s',
    async (_, options) => {
      const probe = await probes.startWith(script(options));
      const whole = valueOf(await probe.generate({ turns: question }));
      for (let kept = 1; kept < options.answer.length; kept += 1) {
        const cut = valueOf(await probe.generate({ turns: question, sampling: { temperature: 0, maxTokens: kept } }));
        const rest = valueOf(await probe.generate({ turns: [...question, { role: 'assistant', content: cut.text }] }));
        expect(cut.text + rest.text).toBe(whole.text);
        expect(rest.tokens.length).toBe(whole.tokens.length - kept);
        // All of the prompt is in the cache; what is evaluated again is at most its last tokens and the cut text.
        expect(rest.promptTokens).toBeLessThanOrEqual(kept + 2);
      }
    },
  );

  it('continued with bytes that are no text ends there, and the next one is whole', async () => {
    const probe = await probes.startWith(script({ answer: ['Hello', ' there', 0xf8, '. ok'] }));
    const rest = valueOf(await probe.generate({ turns: [...question, { role: 'assistant', content: 'Hello' }] }));
    expect(rest).toMatchObject({ finishReason: 'stop', text: ' there' });
    expect(valueOf(await probe.generate({ turns: question })).text).toBe('Hello there\ufffd. ok');
  });
});

describe('what a chat can be told', () => {
  /** Opens a thought, or opens and closes it, as the switch says. */
  const switchable =
    "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}{% endfor %}" +
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n<think>\\n' }}{% if enable_thinking is defined and not enable_thinking %}{{ '\\n</think>\\n\\n' }}{% endif %}{% endif %}";

  it('whether to think: the template hears of it, and the answer begins accordingly', async () => {
    const probe = await probes.startWith(script({ answer: ['Yes'], chatTemplate: switchable }));
    const [own, on, off] = [
      valueOf(await probe.generate({ turns: question })),
      valueOf(await probe.generate({ turns: question, thinking: 'on', reuseCache: false })),
      valueOf(await probe.generate({ turns: question, thinking: 'off', reuseCache: false })),
    ];
    expect([own.text, on.text, off.text]).toEqual(['<think>\nYes', '<think>\nYes', 'Yes']);
    expect(off.promptTokens).toBeGreaterThan(on.promptTokens);
  });

  it('nothing of thinking: then the template decides, as it would where the switch is not there', async () => {
    // As in Qwen3.5 0.8B: wllama turns the switch on for all who have it.
    const onlyWhenTold =
      "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}{% endfor %}" +
      "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n<think>\\n' }}{% if enable_thinking is defined and enable_thinking is true %}{% else %}{{ '\\n</think>\\n\\n' }}{% endif %}{% endif %}";
    const probe = await probes.startWith(script({ answer: ['Yes'], chatTemplate: onlyWhenTold }));
    const own = valueOf(await probe.generate({ turns: question }));
    const on = valueOf(await probe.generate({ turns: question, thinking: 'on', reuseCache: false }));
    expect([own.text, on.text]).toEqual(['Yes', '<think>\nYes']);
  });

  it('that the answer is JSON of a schema: what the model would say otherwise is not said', async () => {
    const probe = await probes.startWith(script({ answer: ['Hello', ' there'] }));
    const schema = {
      type: 'object',
      properties: { ok: { type: 'boolean' } },
      required: ['ok'],
      additionalProperties: false,
    };
    const sampling = { temperature: 0, maxTokens: 300, jsonSchema: JSON.stringify(schema) };
    const { text } = valueOf(await probe.generate({ turns: question, sampling }));
    expect(text).not.toContain('Hello');
    expect(JSON.parse(text)).toEqual({ ok: expect.any(Boolean) as boolean });
  });

  it.each([
    ['no JSON', '{'],
    ['no schema', '{"type":"nothing anyone knows"}'],
  ])('but not with %s', async (_, jsonSchema) => {
    const probe = await probes.startWith(script({ answer: ['Hello'] }));
    const asked = await probe.generate({ turns: question, sampling: { temperature: 0, jsonSchema } });
    expect(asked).toMatchObject({ ok: false, failure: { kind: 'schema-invalid' } });
    expect(valueOf(await probe.generate({ turns: question })).text).toBe('Hello');
  });
});

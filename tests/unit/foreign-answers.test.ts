/** Answers of Open WebUI, llama.cpp and WebLLM Chat that hold more than words: what is thought is a thought, the rest is counted. */
import { describe, expect, it } from 'vitest';
import { branch, contentOf } from '../fixtures/chat-file-content';
import chatgpt from '../fixtures/imports/chatgpt.json?raw';
import llamaJson from '../fixtures/imports/llama-cpp.json?raw';
import openWebui from '../fixtures/imports/open-webui.json?raw';
import webLlm from '../fixtures/imports/web-llm-chat.json?raw';

type Fields = Readonly<Record<string, unknown>>;

const openWebuiFile = (answer: Fields, question: Fields = {}): string =>
  JSON.stringify([
    {
      id: 'c',
      title: 'Tools',
      chat: {
        history: {
          currentId: 'a',
          messages: {
            q: { id: 'q', parentId: null, role: 'user', content: 'How many?', timestamp: 1, ...question },
            a: { id: 'a', parentId: 'q', role: 'assistant', timestamp: 2, ...answer },
          },
        },
      },
    },
  ]);

const llamaFile = (...messages: readonly Fields[]): string =>
  JSON.stringify([
    {
      conv: { id: 'c', name: 'Tools' },
      messages: messages.map((message, index) => ({
        id: `m${index}`,
        parent: index === 0 ? null : `m${index - 1}`,
        type: 'text',
        timestamp: 1_750_000_000_000 + index,
        ...message,
      })),
    },
  ]);

const question = { role: 'user', content: 'How many?' };

describe('an answer of Open WebUI', () => {
  const thought =
    '<details type="reasoning" done="true" duration="3">\n<summary>Thought for 3 seconds</summary>\n&gt; Count.\n</details>\n';
  const call =
    '<details type="tool_calls" done="true" id="c" name="count" arguments="{}" result="&quot;4&quot;" files="" embeds="">\n<summary>Tool Executed</summary>\n</details>\n';

  it('with thoughts and tools between its words keeps the words, alive', async () => {
    const content = await contentOf(
      openWebuiFile({ content: `${thought}I will count.\n${call}${thought}**Four**:\n\n1. one` }),
    );
    const [read] = content.conversations;
    expect(read && branch(read)[1]).toBe('<think>\nCount.\n\nCount.\n</think>\n\nI will count.\n\n**Four**:\n\n1. one');
    expect(read?.messages[1]).toMatchObject({ thinkingMs: 6000 });
    expect(content.leftOut).toEqual({ 'tool-call': 1, 'tool-result': 1 });
  });

  it('that is only a list of what the model put out is read from that', async () => {
    const output = [
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Count.' }] },
      { type: 'function_call', name: 'count', arguments: '{}' },
      { type: 'function_call_output', output: [{ type: 'input_text', text: '4' }] },
      { type: 'message', content: [{ type: 'output_text', text: '**Four**.' }] },
    ];
    const content = await contentOf(openWebuiFile({ content: '', output }));
    const [read] = content.conversations;
    expect(read && branch(read)[1]).toBe('<think>\nCount.\n</think>\n\n**Four**.');
    expect(content.leftOut).toEqual({ 'tool-call': 1, 'tool-result': 1 });
  });

  it('has its sources counted, and the pictures of its question', async () => {
    const files = [
      { type: 'image', url: 'data:image/png;base64,AA==' },
      { type: 'file', name: 'lost.pdf', file: {} },
    ];
    const sources = [{ source: { name: 'A' }, document: ['x'] }];
    const content = await contentOf(openWebuiFile({ content: 'Four [1].', sources }, { content: '', files }));
    const [read] = content.conversations;
    expect(read && branch(read)).toEqual(['[image]', 'Four [1].']);
    expect(content.leftOut).toEqual({ image: 1, file: 1, source: 1 });
  });
});

describe('an answer of llama.cpp', () => {
  it('with marks of an older version has neither marks nor what stood between them', async () => {
    const content =
      '<<<reasoning_content_start>>>Count.<<<reasoning_content_end>>>I will.\n\n<<<AGENTIC_TOOL_CALL_START>>>\n<<<TOOL_NAME:count>>>\n<<<TOOL_ARGS_START>>>\n{}<<<TOOL_ARGS_END>>>\n4\n<<<AGENTIC_TOOL_CALL_END>>>\n<<<reasoning_content_start>>>So four.<<<reasoning_content_end>>>**Four**.';
    const file = await contentOf(llamaFile(question, { role: 'assistant', content }));
    const [read] = file.conversations;
    expect(read && branch(read)[1]).toBe('<think>\nCount.\n\nSo four.\n</think>\n\nI will.\n\n**Four**.');
    expect(file.leftOut).toEqual({ 'tool-call': 1, 'tool-result': 1 });
  });

  it('that called tools on its way is one answer; the calls are counted', async () => {
    const file = await contentOf(
      llamaFile(
        question,
        { role: 'assistant', content: '', reasoningContent: 'Count.', toolCalls: '[{"id":"1"},{"id":"2"}]' },
        { role: 'tool', content: '4', toolCallId: '1' },
        { role: 'tool', content: '4', toolCallId: '2' },
        { role: 'assistant', content: 'Four.', reasoningContent: 'So four.' },
      ),
    );
    const [read] = file.conversations;
    expect(read && branch(read)).toEqual(['How many?', '<think>\nCount.\n\nSo four.\n</think>\n\nFour.']);
    expect(file.leftOut).toEqual({ 'tool-call': 2, 'tool-result': 2 });
  });

  it('and its question have pictures, sounds and pages without text counted', async () => {
    const extra = [
      { type: 'IMAGE', name: 'a.png', base64Url: 'data:image/png;base64,AA==' },
      { type: 'AUDIO', name: 'a.mp3', base64Data: 'AA==', mimeType: 'audio/mpeg' },
      { type: 'PDF', name: 'a.pdf', base64Data: 'AA==', content: '', processedAsImages: true },
      { type: 'PDF', name: 'b.pdf', base64Data: 'AA==', content: 'words' },
    ];
    const file = await contentOf(
      llamaFile({ role: 'user', content: '', extra }, { role: 'assistant', content: 'Yes.' }),
    );
    const [read] = file.conversations;
    expect(read && branch(read)).toEqual(['[image]', 'Yes.']);
    expect(read?.attachments.map(({ name }) => name)).toEqual(['b.pdf']);
    expect(file.leftOut).toEqual({ image: 1, audio: 1, file: 1 });
  });

  it('without ids loses no message', async () => {
    const file = await contentOf(
      llamaFile({ ...question, id: undefined }, { role: 'assistant', content: 'Four.', id: undefined }),
    );
    expect(file.conversations[0]?.messages).toHaveLength(2);
  });
});

it.each([
  ['ChatGPT', chatgpt, { image: 1, 'tool-call': 1 }],
  ['Open WebUI', openWebui, { image: 2 }],
  ['llama.cpp', llamaJson, { image: 1 }],
  ['WebLLM Chat', webLlm, { image: 1 }],
])('the example of %s has everything counted that is not taken', async (_name, file, leftOut) => {
  expect((await contentOf(file)).leftOut).toEqual(leftOut);
});

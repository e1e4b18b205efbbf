/** What becomes of ChatGPT's own kinds of content: nothing is lost in silence. */
import { describe, expect, it } from 'vitest';
import type { LeftOut } from '../../src/shared/protocol/chat-files';
import { canvasCall, chatgptFile, type ChatgptMessage } from '../fixtures/chatgpt-chain';
import { branch, contentOf } from '../fixtures/chat-file-content';

const ask: ChatgptMessage = { role: 'user', content: 'Please.' };
const say = (words: string, metadata: Readonly<Record<string, unknown>> = {}): ChatgptMessage => ({
  role: 'assistant',
  content: words,
  metadata,
});

async function read(...messages: readonly ChatgptMessage[]): Promise<{ words: string[]; leftOut: LeftOut }> {
  const content = await contentOf(chatgptFile(messages));
  const [conversation] = content.conversations;
  if (!conversation) throw new Error('nothing was read');
  return { words: branch(conversation), leftOut: content.leftOut };
}

describe('a canvas', () => {
  const python = { name: 'Sum of Squares', type: 'code/python', content: 'print(sum(n * n for n in range(4)))' };

  it('is part of the answer, code in a fence of its language', async () => {
    const { words, leftOut } = await read(ask, ...canvasCall('create_textdoc', python), say('It prints **14**.'));
    expect(words).toEqual([
      'Please.',
      '**Sum of Squares**\n\n```python\nprint(sum(n * n for n in range(4)))\n```\n\nIt prints **14**.',
    ]);
    expect(leftOut).toEqual({});
  });

  it('that is a document is part of the answer as the Markdown that it is', async () => {
    const letter = { name: 'A *letter*', type: 'document', content: '# Dear Ada\n\n```\nnot closed' };
    const { words } = await read(ask, say('Here it is.'), ...canvasCall('create_textdoc', letter), say('Signed.'));
    expect(words[1]).toBe(
      'Here it is.\n\n---\n\n**A \\*letter\\***\n\n# Dear Ada\n\n```\nnot closed\n```\n\n---\n\nSigned.',
    );
  });

  it('stands at each answer as that answer left it', async () => {
    const { words, leftOut } = await read(
      ask,
      ...canvasCall('create_textdoc', python),
      { role: 'user', content: 'Up to ten.' },
      ...canvasCall('update_textdoc', {
        updates: [{ pattern: 'range\\(4\\)', multiple: false, replacement: 'range(10)' }],
      }),
      say('Done.'),
      { role: 'user', content: 'In JavaScript.' },
      ...canvasCall('update_textdoc', {
        updates: [{ pattern: '.*', multiple: false, replacement: 'let sum = 0;\n// …' }],
      }),
    );
    expect(words[1]).toContain('range(4)');
    expect(words[3]).toBe('**Sum of Squares**\n\n```python\nprint(sum(n * n for n in range(10)))\n```\n\nDone.');
    expect(words[5]).toBe('**Sum of Squares**\n\n```python\nlet sum = 0;\n// …\n```');
    expect(leftOut).toEqual({});
  });

  it('that is written and changed in one answer stands there once, as it was at the end', async () => {
    const { words } = await read(
      ask,
      ...canvasCall('create_textdoc', python),
      ...canvasCall('update_textdoc', { updates: [{ pattern: 'sum', multiple: true, replacement: 'max' }] }),
      say('Now the largest.'),
    );
    expect(words[1]).toBe(
      '**Sum of Squares**\n\n```python\nprint(max(n * n for n in range(4)))\n```\n\nNow the largest.',
    );
  });

  it('has on each branch the changes of that branch', async () => {
    const update = (word: string) =>
      canvasCall('update_textdoc', { updates: [{ pattern: 'sum', multiple: false, replacement: word }] });
    const [first, firstAnswer] = update('min');
    const [second, secondAnswer] = update('max');
    const file = chatgptFile([
      ask,
      ...canvasCall('create_textdoc', python),
      { role: 'user', content: 'Change it.', id: 'q2' },
      { ...first, id: 'one' },
      firstAnswer,
      { ...second, parent: 'q2', id: 'two' },
      secondAnswer,
    ]);
    const [conversation] = (await contentOf(file)).conversations;
    const texts = conversation?.messages.map(({ text }) => text) ?? [];
    expect(texts.filter((text) => text.includes('min('))).toHaveLength(1);
    expect(texts.filter((text) => text.includes('max('))).toHaveLength(1);
    expect(texts.some((text) => text.includes('min(') && text.includes('max('))).toBe(false);
  });

  it('of two is changed as the tool says, and without its word the newest is', async () => {
    const one = { name: 'One', type: 'document', content: 'alpha' };
    const two = { name: 'Two', type: 'document', content: 'alpha' };
    const change = (pattern: string, replacement: string) => ({ updates: [{ pattern, multiple: false, replacement }] });
    const { words } = await read(
      ask,
      ...canvasCall('create_textdoc', one, { textdoc_id: '1' }),
      ...canvasCall('create_textdoc', two, { textdoc_id: '2' }),
      { role: 'user', content: 'The first.' },
      ...canvasCall('update_textdoc', change('alpha', 'omega'), { textdoc_id: '1' }),
      { role: 'user', content: 'That one again.' },
      canvasCall('update_textdoc', change('a', 'A'))[0],
    );
    expect(words[1]).toMatch(/\*\*One\*\*\n\nalpha[\s\S]*\*\*Two\*\*\n\nalpha/);
    expect(words[3]).toContain('**One**\n\nomega');
    expect(words[5]).toContain('**One**\n\nomegA');
  });

  it.each<readonly [string, unknown, LeftOut]>([
    [
      'a change that finds nothing',
      { updates: [{ pattern: 'nowhere', multiple: false, replacement: 'x' }] },
      { 'canvas-change': 1 },
    ],
    [
      'a pattern that is none',
      { updates: [{ pattern: '(', multiple: false, replacement: 'x' }] },
      { 'canvas-change': 1 },
    ],
    [
      'a pattern that would never end',
      { updates: [{ pattern: '((n|n)+)+$', multiple: false, replacement: 'x' }] },
      { 'canvas-change': 1 },
    ],
    ['a call that is no JSON', 'not what it should be', { 'canvas-change': 1 }],
    ['two changes that are none', { updates: [null, 3] }, { 'canvas-change': 2 }],
  ])('%s is counted', async (_name, change, leftOut) => {
    const result = await read(ask, ...canvasCall('create_textdoc', python), ...canvasCall('update_textdoc', change));
    expect(result.words[1]).toContain('range(4)');
    expect(result.leftOut).toEqual(leftOut);
  });

  it('whose change the tool refused stays as it was', async () => {
    const change = { updates: [{ pattern: '.*', multiple: false, replacement: 'gone' }] };
    const { words, leftOut } = await read(
      ask,
      ...canvasCall('create_textdoc', python),
      ...canvasCall('update_textdoc', change, { textdoc_id: 'doc', is_failure: true }),
    );
    expect(words[1]).toContain('range(4)');
    expect(leftOut).toEqual({ 'canvas-change': 1 });
  });

  it('with comments has them counted', async () => {
    const comments = {
      comments: [
        { pattern: 'n', comment: 'Why?' },
        { pattern: 'm', comment: 'How?' },
      ],
    };
    const { leftOut } = await read(
      ask,
      ...canvasCall('create_textdoc', python),
      ...canvasCall('comment_textdoc', comments),
    );
    expect(leftOut).toEqual({ 'canvas-comment': 2 });
  });

  it('whose code has fences in it is closed by none of them', async () => {
    const readme = { name: 'README', type: 'code/markdown', content: '```sh\nls\n```` \n' };
    const { words } = await read(ask, ...canvasCall('create_textdoc', readme));
    expect(words[1]).toBe('**README**\n\n`````markdown\n```sh\nls\n```` \n`````');
  });
});

describe('marks', () => {
  const cite = '\ue200cite\ue202turn0search3\ue201';
  const page = { title: 'Fushimi Inari', url: 'https://example.org/inari', attribution: 'example.org' };
  const grouped = { type: 'grouped_webpages', matched_text: cite, items: [page] };

  it.each<readonly [string, string, readonly unknown[], string, LeftOut]>([
    [
      'a citation becomes a link',
      `Go early ${cite}.`,
      [grouped],
      'Go early ([example.org](https://example.org/inari)).',
      {},
    ],
    [
      'a citation of several pages names each once',
      `Go early. ${cite}`,
      [
        {
          ...grouped,
          items: [{ ...page, supporting_websites: [{ title: 'A [blog]', url: 'https://example.org/a_(b)' }] }, page],
        },
      ],
      'Go early. ([example.org](https://example.org/inari), [A \\[blog\\]](<https://example.org/a_(b)>))',
      {},
    ],
    ['a citation that nothing explains goes, and is counted', `Go early ${cite}.`, [], 'Go early.', { source: 1 }],
    [
      'a citation with words of its own has them',
      `Early ${cite}`,
      [{ matched_text: cite, type: 'x', alt: '([A](https://a.example))' }],
      'Early ([A](https://a.example))',
      {},
    ],
    [
      'a hidden reference goes',
      `Early ${cite} bird`,
      [{ matched_text: cite, type: 'hidden', alt: 'secret' }],
      'Early bird',
      {},
    ],
    [
      'a cited file is named',
      'As written \ue200filecite\ue202turn0file0\ue202L1-L9\ue201.',
      [{ matched_text: '\ue200filecite\ue202turn0file0\ue202L1-L9\ue201', type: 'file', name: 'notes.pdf' }],
      'As written (notes.pdf).',
      {},
    ],
    [
      'a thing is called by its name',
      'By \ue200entity\ue202["company","Motorola","maker"]\ue201.',
      [],
      'By Motorola.',
      {},
    ],
    ['the words of a link stay', '\ue200url\ue202Sotto\ue202turn0search1\ue201 is quiet.', [], 'Sotto is quiet.', {}],
    [
      'pictures go, and are counted',
      'Look:\n\n\ue200image_group\ue202{"query":["gate"]}\ue201\n\nRed.',
      [],
      'Look:\n\n\n\nRed.',
      { image: 1 },
    ],
    [
      'a list of pages becomes one',
      'News:\n\ue200navlist\ue202Latest\ue202turn0news1,turn0news2\ue201',
      [
        {
          matched_text: '\ue200navlist\ue202Latest\ue202turn0news1,turn0news2\ue201',
          type: 'nav_list',
          items: [page, { title: 'B', url: 'https://b.example' }],
        },
      ],
      'News:\n\n\nLatest\n\n- [example.org](https://example.org/inari)\n- [B](https://b.example)',
      {},
    ],
    ['a map goes, and is counted', 'Here: \ue200businesses_map\ue202x\ue201', [], 'Here:', { embed: 1 }],
    ['text that is attributed stays', '\ue203Said so\ue204 there.', [], 'Said so there.', {}],
    ['a mark that is cut off goes', 'End. \ue200cite\ue202turn', [], 'End.', { source: 1 }],
    [
      'an address that is none is no link',
      `Here ${cite}`,
      [{ ...grouped, items: [{ title: 'Evil', url: 'javascript:alert(1)' }] }],
      'Here (Evil)',
      {},
    ],
    [
      'pages of the list of sources that no citation names are counted',
      `Early ${cite}`,
      [
        grouped,
        { type: 'sources_footnote', matched_text: ' ', sources: [page, { title: 'C', url: 'https://c.example' }] },
      ],
      'Early ([example.org](https://example.org/inari))',
      { source: 1 },
    ],
  ])('%s', async (_name, text, content_references, words, leftOut) => {
    const result = await read(ask, say(text, { content_references }));
    expect(result.words[1]).toBe(words);
    expect(result.leftOut).toEqual(leftOut);
  });

  it('of the older form become links by where they stand', async () => {
    const text = 'It is red【7†source】, and old【9†source】.';
    const citations = [
      {
        start_ix: text.indexOf('【7'),
        end_ix: text.indexOf('【7') + 10,
        metadata: { type: 'webpage', title: 'Gate', url: 'https://g.example' },
      },
    ];
    const { words, leftOut } = await read(ask, say(text, { citations }));
    expect(words[1]).toBe('It is red([Gate](https://g.example)), and old.');
    expect(leftOut).toEqual({ source: 1 });
  });

  it('that a person typed are theirs', async () => {
    const { words } = await read({ role: 'user', content: 'What is 【7†source】?' }, say('A mark.'));
    expect(words[0]).toBe('What is 【7†source】?');
  });
});

describe('other kinds of content', () => {
  const thoughts: ChatgptMessage = {
    role: 'assistant',
    content: { content_type: 'thoughts', thoughts: [{ summary: 'Sums', content: 'Two and two.' }] },
  };
  const recap: ChatgptMessage = {
    role: 'assistant',
    content: { content_type: 'reasoning_recap', content: 'Thought for 12s' },
    metadata: { finished_duration_sec: 12 },
  };

  it('thoughts stand before the whole answer, wherever they were thought, with their time', async () => {
    const [conversation] = (
      await contentOf(
        chatgptFile([
          ask,
          thoughts,
          recap,
          say('First.'),
          { ...thoughts, content: { content_type: 'thoughts', thoughts: [{ content: 'And </think> more.' }] } },
          recap,
          say('Second.'),
        ]),
      )
    ).conversations;
    const answer = conversation?.messages[1];
    expect(answer?.text).toBe('<think>\nSums\n\nTwo and two.\n\nAnd </ think> more.\n</think>\n\nFirst.\n\nSecond.');
    expect(answer).toMatchObject({ thinkingMs: 24_000 });
  });

  it('a thought that no answer came of is kept as one', async () => {
    const { words } = await read(ask, thoughts, { role: 'user', content: 'Well?' }, say('Four.'));
    expect(words).toEqual(['Please.', '<think>\nSums\n\nTwo and two.\n</think>\n\n', 'Well?', 'Four.']);
    expect((await read(ask, thoughts)).words).toHaveLength(2);
  });

  it('what was said aloud is read as it was understood; the sound is counted', async () => {
    const spoken = (text: string): ChatgptMessage['content'] => ({
      content_type: 'multimodal_text',
      parts: [
        { content_type: 'audio_transcription', text, direction: 'in' },
        { content_type: 'audio_asset_pointer', asset_pointer: 'sediment://x', format: 'wav' },
      ],
    });
    const { words, leftOut } = await read(
      { role: 'user', content: spoken('Hello?') },
      { role: 'assistant', content: spoken('Hi.') },
    );
    expect(words).toEqual(['Hello?', 'Hi.']);
    expect(leftOut).toEqual({ audio: 2 });
  });

  it('pictures leave their place: those of a person, and those that a tool made', async () => {
    const picture = { content_type: 'image_asset_pointer', asset_pointer: 'file-service://x' };
    const { words, leftOut } = await read(
      { role: 'user', content: { content_type: 'multimodal_text', parts: [picture, 'Like this?'] } },
      { role: 'assistant', recipient: 'dalle.text2im', content: { content_type: 'code', text: '{"prompt":"gate"}' } },
      { role: 'tool', name: 'dalle.text2im', content: { content_type: 'multimodal_text', parts: [picture] } },
      say('A gate.'),
    );
    expect(words).toEqual(['[image]\n\nLike this?', '[image]\n\nA gate.']);
    expect(leftOut).toEqual({ image: 2, 'tool-call': 1 });
  });

  it('files leave their name', async () => {
    const attachments = [
      { id: 'f', name: 'a ]b[.pdf', mime_type: 'application/pdf' },
      { id: 'p', name: 'photo.png', mime_type: 'image/png' },
    ];
    const { words, leftOut } = await read({ ...ask, metadata: { attachments } }, say('Read.'));
    expect(words[0]).toBe('[file: a b .pdf]\n\nPlease.');
    expect(leftOut).toEqual({ file: 1 });
  });

  it.each<readonly [string, ChatgptMessage, LeftOut]>([
    [
      'code that was run',
      {
        role: 'assistant',
        recipient: 'python',
        content: { content_type: 'code', language: 'python', text: 'print(4)' },
      },
      { 'tool-call': 1 },
    ],
    [
      'what it printed',
      { role: 'tool', name: 'python', content: { content_type: 'execution_output', text: '4' } },
      { 'tool-result': 1 },
    ],
    [
      'a quoted page',
      {
        role: 'tool',
        name: 'browser',
        content: { content_type: 'tether_quote', url: 'https://a.example', title: 'A', text: 'words' },
      },
      { 'tool-result': 1 },
    ],
    [
      'a list of found pages',
      {
        role: 'tool',
        name: 'browser',
        content: { content_type: 'tether_browsing_display', result: '# A', summary: '' },
      },
      { 'tool-result': 1 },
    ],
    [
      'an error of a tool',
      {
        role: 'tool',
        name: 'python',
        content: { content_type: 'system_error', name: 'TimeoutError', text: 'Too slow.' },
      },
      { 'tool-result': 1 },
    ],
    ['a tool that said nothing', { role: 'tool', name: 'browser', content: '' }, {}],
    [
      'what is remembered',
      { role: 'assistant', content: { content_type: 'model_editable_context', model_set_context: '1. Likes tea.' } },
      { memory: 1 },
    ],
    [
      'nothing remembered',
      { role: 'assistant', content: { content_type: 'model_editable_context', model_set_context: '' } },
      {},
    ],
    [
      'a hidden message',
      { role: 'user', content: 'Internal.', metadata: { is_visually_hidden_from_conversation: true } },
      { hidden: 1 },
    ],
    [
      'an empty hidden message',
      { role: 'system', content: '', metadata: { is_visually_hidden_from_conversation: true } },
      {},
    ],
    ['content of a new kind', { role: 'assistant', content: { content_type: 'hologram', data: 'x' } }, { unknown: 1 }],
    [
      'a part of a new kind',
      { role: 'assistant', content: { content_type: 'multimodal_text', parts: [{ content_type: 'smell' }] } },
      { unknown: 1 },
    ],
  ])('%s is told as such', async (_name, message, leftOut) => {
    const result = await read(ask, message, say('Four.'));
    expect(result.words).toEqual(['Please.', 'Four.']);
    expect(result.leftOut).toEqual(leftOut);
  });

  it('text of a new kind is read, and code for a person stands in a fence', async () => {
    expect((await read(ask, { role: 'assistant', content: { content_type: 'poem', text: 'O gate' } })).words[1]).toBe(
      'O gate',
    );
    const code = { content_type: 'code', language: 'rust', text: 'fn main() {} // ```' };
    expect((await read(ask, { role: 'assistant', content: code })).words[1]).toBe(
      '````rust\nfn main() {} // ```\n````',
    );
  });

  it('what a person has told of themselves becomes the system prompt', async () => {
    const [conversation] = (
      await contentOf(
        chatgptFile([
          {
            role: 'user',
            content: {
              content_type: 'user_editable_context',
              user_profile: 'I am Ada.',
              user_instructions: 'Be brief.',
            },
            metadata: { is_visually_hidden_from_conversation: true },
          },
          ask,
          say('Yes.'),
        ]),
      )
    ).conversations;
    expect(conversation?.conversation.settings).toEqual({ systemPrompt: 'I am Ada.\n\nBe brief.' });
    expect(conversation && branch(conversation)).toEqual(['Please.', 'Yes.']);
  });
});

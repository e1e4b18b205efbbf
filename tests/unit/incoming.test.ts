import { describe, expect, it, vi } from 'vitest';
import { parseAppLink, parseQuery } from '../../src/app/incoming/addresses';
import { classify, mostTextBytes } from '../../src/app/incoming/classify';
import { Incoming } from '../../src/app/incoming/incoming.svelte';
import { incomingPlaces } from '../../src/app/incoming/places';
import type { App } from '../../src/app/app';
import { mostFiles, PendingFiles } from '../../src/chat/files/pending-files.svelte';
import { m } from '../../src/text/paraglide/messages.js';
import { fromBase64 } from '../../src/shared/platform/base64';
import { encodedTexts } from '../fixtures/encoded-texts';
import { smallestPng } from '../fixtures/smallest-png';

const header = '{"type":"sotto-chats","version":1}\n';

describe('a file from outside', () => {
  it.each([
    ['GGUF\u0003\u0000\u0000\u0000', 'model'],
    [header, 'chats'],
    [`\n  ${header}{"type":"conversation"}`, 'chats'],
    ['{"type":"something-else"}', 'text'],
    ['# Notes', 'text'],
    ['你好'.repeat(2000), 'text'],
    ['', 'unreadable'],
    ['MZ\u0090\u0000\u0003', 'unreadable'],
    ['x'.repeat(mostTextBytes + 1), 'attachment'],
    ['%PDF-1.7\n', 'attachment'],
  ])('%# is known by what is in it', async (content, kind) => {
    expect(await classify(new Blob([content]))).toBe(kind);
  });

  it('is no text when its bytes are none', async () => {
    expect(await classify(new Blob([new Uint8Array([0x50, 0x4b, 3, 4, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0])]))).toBe(
      'unreadable',
    );
  });

  it('is a picture, also one that will be refused with a reason', async () => {
    expect(await classify(new Blob([smallestPng]))).toBe('picture');
    expect(await classify(new Blob(['<svg xmlns="http://www.w3.org/2000/svg"/>']))).toBe('picture');
  });

  it.each(encodedTexts)('is a text to read in its encoding: %s', async (_name, _encoding, base64) => {
    expect(await classify(new Blob([fromBase64(base64)]))).toBe('attachment');
  });

  it('may be a text whose 4,096th byte is in the middle of a character', async () => {
    expect(await classify(new Blob([`a${'é'.repeat(3000)}`]))).toBe('text');
  });
});

describe('what was shared', () => {
  const open = (): {
    incoming: Incoming;
    texts: string[];
    attached: string[];
    models: string[];
    imported: number[];
  } => {
    const texts: string[] = [];
    const attached: string[] = [];
    const models: string[] = [];
    const imported: number[] = [];
    const incoming = new Incoming({
      addText: (text) => texts.push(text),
      addAttachment: ({ name }) => attached.push(name),
      addSound: ({ name }) => attached.push(name),
      addModel: ({ name }) => models.push(name),
      addModelAddress: () => {},
      importChats: (file) => {
        imported.push(file.size);
        return Promise.resolve({ ok: false, failure: { kind: 'import-unreadable', technical: '' } });
      },
    });
    return { incoming, texts, attached, models, imported };
  };

  it('becomes one draft, without what is said twice', () => {
    const { incoming, texts } = open();
    incoming.receiveText(['A page', '', 'https://example.org/', ' https://example.org/ ']);
    incoming.receiveText(['', '  ']);
    expect(texts).toEqual(['A page\n\nhttps://example.org/']);
  });

  it('is attached where only its end shows that it is in another encoding', async () => {
    const { incoming, texts, attached } = open();
    const [, , base64 = ''] = encodedTexts[0] ?? [];
    await incoming.receiveFiles([new File(['1,2,3\n'.repeat(1000), fromBase64(base64)], 'korean.csv')]);
    const [file] = incoming.files;
    if (!file) throw new Error('no file');
    await incoming.accept(file);
    expect([texts, attached]).toEqual([[], ['korean.csv']]);
  });

  it('waits for a person, and stays when it could not be taken', async () => {
    const { incoming, models, imported } = open();
    await incoming.receiveFiles([new File([header], 'a.jsonl'), new File(['GGUF'], 'b.gguf')]);
    expect([models, imported]).toEqual([[], []]);
    const [chats, model] = incoming.files;
    if (!chats || !model) throw new Error('no files');
    expect((await incoming.accept(chats)).ok).toBe(false);
    expect(incoming.files).toHaveLength(2);
    await incoming.accept(model);
    expect(models).toEqual(['b.gguf']);
    incoming.discard(chats);
    expect(incoming.files).toEqual([]);
  });
});

describe('a link into the app', () => {
  it.each([
    ['web+sotto:chat?text=Hello%20there', { kind: 'text', text: 'Hello there' }],
    ['web+sotto://chat?text=a%26b', { kind: 'text', text: 'a&b' }],
    ['web+sotto:chat', { kind: 'screen', hash: '#/chat' }],
    ['web+sotto:model?url=https://example.org/m.gguf', { kind: 'model', address: 'https://example.org/m.gguf' }],
    ['web+sotto:model?url=javascript:alert(1)', { kind: 'screen', hash: '#/models' }],
    ['web+sotto:BENCHMARK', { kind: 'screen', hash: '#/benchmark' }],
    ['web+sotto:elsewhere', null],
    ['javascript:alert(1)', null],
    ['https://example.org/?text=x', null],
    ['not an address', null],
  ])('leads to what it names, and to nothing that is not ours: %s', (link, request) => {
    expect(parseAppLink(link)).toEqual(request);
  });

  it('carries no more than a message can hold', () => {
    const request = parseAppLink(`web+sotto:chat?text=${'a'.repeat(1_000_000)}`);
    expect(request?.kind === 'text' && request.text.length).toBe(100_000);
  });
});

describe('the query of the address', () => {
  it.each([
    ['?shared=4989df30-165d-445a-a9c2-9c9f542c38d6', { kind: 'shared', id: '4989df30-165d-445a-a9c2-9c9f542c38d6' }],
    ['?shared=failed', { kind: 'share-failed' }],
    ['?shared=../state', null],
    ['?open=web%2Bsotto%3Abenchmark', { kind: 'screen', hash: '#/benchmark' }],
    ['?open=https://example.org', null],
    ['?utm_source=x', null],
    ['', null],
  ])('is understood where we wrote it: "%s"', (search, request) => {
    expect(parseQuery(search)).toEqual(request);
  });
});

describe('a file for a message that has as many as it can', () => {
  it('is told to be left out', async () => {
    const files = new PendingFiles({ changed: () => {}, removed: () => {} });
    const told: string[] = [];
    const places = incomingPlaces({
      session: { conversationId: null, files, restoreDraft: () => Promise.resolve() },
      router: { goTo: () => {} },
      notices: { show: ({ text }: { text: string }) => told.push(text) },
    } as unknown as App);
    for (let count = 0; count <= mostFiles; count += 1) places.addAttachment(new File(['x'], `${count}.txt`));
    await vi.waitFor(() => expect(files.items).toHaveLength(mostFiles));
    expect(told).toEqual([`${mostFiles}.txt: ${m.file_too_many({ count: String(mostFiles) })}`]);
  });
});

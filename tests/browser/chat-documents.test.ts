/** Answers that draw on files of the person's own: what goes into the prompt, what stays with the answer, what can be opened. */
import { mount, unmount, type Component } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PlaceDialogProps } from '../../src/chat/documents/documents-port';
import { addToChat } from '../../src/chat/documents/give-documents';
import { ChatSession } from '../../src/chat/chat-session.svelte';
import type { AnswerMessage } from '../../src/shared/domain/conversation';
import type { EngineScript } from '../../src/shared/protocol/engine';
import { FailureError } from '../../src/shared/protocol/failure';
import { answeringSession, type AnsweringSession } from '../fixtures/answering-session';
import { lastAnswer, saying } from '../fixtures/scripted-session';
import { MemoryCollections } from '../fixtures/memory-collections';
import OneAnswer from '../fixtures/OneAnswer.svelte';

let collections: MemoryCollections;
const open: AnsweringSession[] = [];
beforeEach(() => (collections = new MemoryCollections()));
afterEach(() => {
  for (const { client } of open.splice(0)) client.terminate();
});

const opened: unknown[] = [];
/** In the place of the dialog. */
const Stub: Component<PlaceDialogProps> = (_, { place }) => {
  opened.push(place);
  return {};
};

/** A chat with a collection of one document of two pages. */
async function begin(
  script: EngineScript,
  more: Parameters<typeof answeringSession>[1] = {},
): Promise<AnsweringSession> {
  const documents = { open: () => Promise.resolve({ collections, PlaceDialog: Stub }) };
  const begun = answeringSession(script, { documents, ...more });
  open.push(begun);
  await addToChat(begun.session, collections, [new File(['Boiling point of water.\fThe whale is blue.'], 'facts.txt')]);
  return begun;
}

const contents = ({ lastRequest }: AnsweringSession): string[] => lastRequest().turns.map(({ content }) => content);

describe('a question to a chat with documents', () => {
  it('is asked with the passages that it finds, which stay with the answer', async () => {
    const chat = await begin(saying('Blue [1].'));
    const { session, parts } = chat;
    await session.send('Which color is the whale?');
    expect(contents(chat).join()).toContain('[1] "facts.txt", page 2:\n```\nThe whale is blue.\n```');
    expect(contents(chat).join()).toContain('Question: Which color is the whale?');
    expect(contents(chat).join()).not.toContain('Boiling');
    const { places, search } = lastAnswer(session.path);
    expect(places).toMatchObject([{ documentName: 'facts.txt', page: 2, text: 'The whale is blue.', marks: [[4, 9]] }]);
    expect(search).toMatchObject({ by: 'words', counted: true });
    expect(search?.tokens).toBeGreaterThan(20);
    // As a person typed it, in the conversation.
    expect(session.path[0]?.text).toBe('Which color is the whale?');
    const again = new ChatSession(parts);
    await again.open(session.conversationId ?? '');
    expect(lastAnswer(again.path).places).toEqual(places);
    expect(again.settings.own.collections).toEqual([collections.list[0]?.id]);
  });

  it('has only its own passages in the prompt, and none of those before', async () => {
    const chat = await begin(saying('Blue.', 'At 100 degrees.'));
    await chat.session.send('Which color is the whale?');
    await chat.session.send('And the boiling point?');
    const [first = '', , last = ''] = contents(chat);
    expect(first).toBe('Which color is the whale?');
    expect(last).toContain('Boiling point of water.');
    expect(last).not.toContain('The whale is blue.');
  });

  it('finds nothing near: the model is given where the files begin, and the answer says so', async () => {
    const chat = await begin(saying('It is about water and whales.', 'I do not know.'));
    await chat.session.send('What is this about?');
    expect(contents(chat).join()).toContain("found nothing in the user's own files");
    expect(lastAnswer(chat.session.path)).toMatchObject({
      places: [{ text: 'Boiling point of water.', page: 1 }, { page: 2 }],
      search: { isFar: true },
    });
  });

  it('is told where there is nothing in the files at all', async () => {
    const chat = await begin(saying('I do not know.'));
    for (const id of collections.documents.keys()) await collections.removeDocument(id);
    await chat.session.send('Who wrote Hamlet?');
    expect(contents(chat).join()).toContain('nothing in them comes near it');
    expect(lastAnswer(chat.session.path)).toMatchObject({ places: [], search: { isFar: true } });
  });

  it('is asked without its documents where they cannot be searched, and that is told', async () => {
    collections.searchFailure = { kind: 'storage-locked', technical: 'locked' };
    const chat = await begin(saying('Grey?'));
    await chat.session.send('Which color is the whale?');
    expect(contents(chat)).toEqual(['Which color is the whale?']);
    const answer = lastAnswer(chat.session.path);
    expect(answer).toMatchObject({ text: 'Grey?', search: { failure: { kind: 'storage-locked' } } });
  });

  it('is asked without them where their part cannot be loaded', async () => {
    const failure = { kind: 'part-unreachable', technical: 'no network' } as const;
    const chat = await begin(saying('ok'), { documents: { open: () => Promise.reject(new FailureError(failure)) } });
    await chat.session.send('whale?');
    expect(lastAnswer(chat.session.path).search?.failure).toEqual(failure);
  });

  it('of a chat from another device is asked as if it had no documents', async () => {
    const chat = await begin(saying('ok'));
    await chat.session.changeSettings({ collections: ['of-another-device'] });
    await chat.session.send('whale?');
    expect(contents(chat)).toEqual(['whale?']);
    expect(lastAnswer(chat.session.path)).not.toHaveProperty('search');
    expect(collections.queries).toEqual([]);
  });

  it('waits until files have been read, tells how far that is, and can be stopped', async () => {
    const chat = await begin(saying('ok'));
    const { session } = chat;
    const [collection] = collections.list;
    if (!collection) throw new Error('no collection');
    collections.put(collection.id, 'long.pdf', 'whale', { state: 'waiting' });
    const step = { documentName: 'long.pdf', step: 'reading', secondsLeft: 9 } as const;
    collections.progress.set(collection.id, { ...step, fraction: 0.25 });
    const sent = session.send('whale?');
    await vi.waitFor(() => expect(session.phase).toBe('searching'));
    await vi.waitFor(() => expect(session.prefillFraction).toBe(0.25));
    session.stop();
    await sent;
    expect(lastAnswer(session.path).finishReason).toBe('cancelled');
    expect(collections.queries).toEqual([]);
    expect(chat.client.requests).toEqual([]);
  });

  it('goes on as soon as the words are there, and tells what could not be searched', async () => {
    const chat = await begin(saying('ok'));
    const [collection] = collections.list;
    if (!collection) throw new Error('no collection');
    const late = collections.put(collection.id, 'late.pdf', 'A whale sings.', { state: 'waiting' });
    collections.progress.set(collection.id, { documentName: 'late.pdf', step: 'reading', fraction: 0, secondsLeft: 1 });
    const sent = chat.session.send('whale?');
    await vi.waitFor(() => expect(chat.session.phase).toBe('searching'));
    collections.documents.set(late.id, { ...late, state: 'ready' });
    await sent;
    expect(contents(chat).join()).toContain('A whale sings.');
    collections.documents.set(late.id, late);
    collections.paused = true;
    await chat.session.regenerate(lastAnswer(chat.session.path).id);
    expect(lastAnswer(chat.session.path).search).toMatchObject({ missingFiles: 1 });
  });

  it('is searched for again when it is answered again, and not when an answer goes on', async () => {
    const chat = await begin(
      {
        answers: [[{ token: 'Blue' }, { token: ' it' }, { token: ' is' }], [{ token: ' so.' }], [{ token: 'Again.' }]],
      },
      { defaults: { sampling: { maxTokens: 2 } } },
    );
    const { session } = chat;
    await session.send('Which color is the whale?');
    expect(lastAnswer(session.path).finishReason).toBe('length');
    await session.continueAnswer(lastAnswer(session.path).id);
    expect(collections.queries).toHaveLength(1);
    expect(contents(chat)[0]).toContain('The whale is blue.');
    expect(lastAnswer(session.path).places).toHaveLength(1);
    await session.regenerate(lastAnswer(session.path).id);
    expect(collections.queries).toHaveLength(2);
  });

  it('keeps the passages within the window, and tells where there was no room', async () => {
    const chat = await begin(saying('ok'), { model: { contextTokens: 64 } });
    collections.put(collections.list[0]?.id ?? '', 'long.txt', `whale ${'word '.repeat(2000)}`);
    await chat.session.send('whale?');
    const answer = lastAnswer(chat.session.path);
    expect(answer.state).toBe('whole');
    expect(answer.search?.tokens).toBeLessThan(64);
  });

  it('to the Guide leaves the prompt as it is: it knows one thing only', async () => {
    const chat = await begin(saying('I only know about Sotto.'), {
      model: { source: { kind: 'built-in', path: '', sha256: '' } },
    });
    await chat.session.send('Which color is the whale?');
    expect(contents(chat)).toEqual(['Which color is the whale?']);
    expect(lastAnswer(chat.session.path)).toMatchObject({ places: [{ page: 2 }], search: { unread: true } });
  });
});

describe('the places of an answer', () => {
  const placeOf = (text: string, page: number) => ({
    collectionId: 'c',
    documentId: 'd',
    documentName: '<img src=x onerror=alert(1)>.pdf',
    start: 0,
    end: text.length,
    page,
    text,
    marks: [[0, 5] as const],
  });
  const answer: AnswerMessage = {
    role: 'assistant',
    id: 'a',
    conversationId: 'c',
    parentId: 'q',
    text: 'So it is [1], also [2] and `x[1]` but not [3]. [1](https://evil.example/)',
    createdAt: 1,
    state: 'whole',
    modelId: 'm',
    modelName: 'M',
    places: [placeOf('Whale <script>1</script>', 4), placeOf('Other', 9)],
    search: { by: 'words', tokens: 200, milliseconds: 4 },
  };
  let shown: ReturnType<typeof mount>;
  let root: HTMLElement;
  beforeEach(() => {
    root = document.createElement('div');
    document.body.append(root);
    opened.length = 0;
    const documents = { open: () => Promise.resolve({ collections, PlaceDialog: Stub }) };
    shown = mount(OneAnswer, {
      target: root,
      props: { answer, session: { phase: 'idle', messages: new Map() }, documents },
    });
  });
  afterEach(async () => {
    await unmount(shown);
    root.remove();
  });

  it('are opened by their numbers in the answer, and by nothing else in it', async () => {
    await vi.waitFor(() => expect(root.querySelectorAll('.citation')).toHaveLength(2));
    const [, second] = root.querySelectorAll<HTMLElement>('.citation');
    expect(second?.textContent).toBe('[2]');
    expect(second?.ariaLabel).toContain('page 9');
    second?.click();
    await vi.waitFor(() => expect(opened).toMatchObject([{ page: 9 }]));
  });

  it('are listed below it as text, whatever they say', async () => {
    const list = await vi.waitFor(() => {
      const found = root.querySelector('.places ol');
      if (!found) throw new Error('no list yet');
      return found;
    });
    expect(list.textContent).toContain('<img src=x onerror=alert(1)>.pdf, page 4');
    expect(root.querySelector('img, script')).toBeNull();
    expect([...root.querySelectorAll('.places ol mark')].map(({ textContent }) => textContent)).toEqual([
      'Whale',
      'Other',
    ]);
    list.querySelector('button')?.click();
    await vi.waitFor(() => expect(opened).toMatchObject([{ page: 4 }]));
  });
});

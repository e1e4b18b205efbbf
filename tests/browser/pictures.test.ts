/** Pictures of people, through the real worker: what is kept of them, and what becomes of those that are none. */
import { describe, expect, it, vi } from 'vitest';
import { ChatSession } from '../../src/chat/chat-session.svelte';
import { describePicture } from '../../src/chat/files/describe-picture';
import { PendingFiles } from '../../src/chat/files/pending-files.svelte';
import { preparePicture } from '../../src/chat/files/prepare-picture';
import type { PreparedPicture } from '../../src/shared/protocol/pictures';
import { answeringSession } from '../fixtures/answering-session';
import { saying } from '../fixtures/scripted-session';
import {
  animatedGif,
  brokenPng,
  heic,
  hugeJpeg,
  photographed,
  redAndBlue,
  stillGif,
  svg,
} from '../fixtures/picture-files';

async function prepared(file: Blob): Promise<PreparedPicture> {
  const result = await preparePicture(file, 'x');
  if (!result.ok) throw new Error(`${result.failure.kind}: ${result.failure.technical}`);
  return result.value;
}

/** The color at a place, given as shares of width and height. */
async function colorAt({ file }: PreparedPicture, x: number, y: number): Promise<'red' | 'blue' | 'white' | 'other'> {
  const bitmap = await createImageBitmap(file);
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
  context?.drawImage(bitmap, 0, 0);
  const [red = 0, green = 0, blue = 0] =
    context?.getImageData(Math.floor(x * bitmap.width), Math.floor(y * bitmap.height), 1, 1).data ?? [];
  if (red > 200 && green > 200 && blue > 200) return 'white';
  if (red > 200 && green < 60 && blue < 60) return 'red';
  return blue > 200 && green < 60 && red < 60 ? 'blue' : 'other';
}

const failureOf = async (file: Blob): Promise<string> => {
  const result = await preparePicture(file, 'mine');
  if (result.ok) return 'ok';
  expect(result.failure.subject).toBe('mine');
  return result.failure.kind;
};

describe('a photograph', () => {
  it('comes out upright, scaled, and without its place or anything else beside its pixels', async () => {
    const file = await photographed(await redAndBlue(2560, 1600, 'image/jpeg'));
    expect(await file.text()).toContain('GPS of my home');
    const picture = await prepared(file);
    expect({ width: picture.width, height: picture.height }).toEqual({ width: 800, height: 1280 });
    // What was left is on top once it is turned.
    expect(await colorAt(picture, 0.5, 0.1)).toBe('red');
    expect(await colorAt(picture, 0.5, 0.9)).toBe('blue');
    expect(picture.file.type).toBe('image/jpeg');
    expect(await picture.file.text()).not.toMatch(/Exif|GPS|http/);
  });

  it('that is small already keeps its size', async () => {
    expect(await prepared(await redAndBlue(300, 200, 'image/webp'))).toMatchObject({ width: 300, height: 200 });
  });
});

describe('a drawing', () => {
  it('stays sharp, and stands on white where it is transparent', async () => {
    const canvas = new OffscreenCanvas(40, 40);
    canvas.getContext('2d')?.fillRect(0, 0, 20, 40);
    const picture = await prepared(await canvas.convertToBlob({ type: 'image/png' }));
    expect(picture.file.type).toBe('image/png');
    expect(await colorAt(picture, 0.9, 0.5)).toBe('white');
  });
});

describe('an animation', () => {
  it('is its first picture, which is said', async () => {
    const picture = await prepared(animatedGif);
    expect(picture.isFirstOfMany).toBe(true);
    expect(await colorAt(picture, 0, 0)).toBe('red');
    expect((await prepared(stillGif)).isFirstOfMany).toBe(false);
  });
});

describe('what is no picture for a model is told by name', () => {
  it.each([
    ['a broken PNG', brokenPng, 'picture-unreadable'],
    ['words that are called a PNG', new Blob(['words'], { type: 'image/png' }), 'picture-unreadable'],
    ['a JPEG of 100 megapixels', hugeJpeg, 'picture-too-large'],
    ['a drawing program', svg, 'picture-refused'],
    ['a picture of an iPhone', heic, 'picture-heic'],
  ])('%s', async (_name, file, kind) => expect(await failureOf(file)).toBe(kind));

  it('one that is removed while it is prepared ends its worker', async () => {
    const removal = new AbortController();
    const result = preparePicture(await redAndBlue(4000, 4000, 'image/png'), 'x', removal.signal);
    removal.abort();
    expect(await result).toMatchObject({ ok: false, failure: { kind: 'cancelled' } });
  });
});

describe('a question with a picture', () => {
  it('keeps it through an edit, with what was prepared of it alone, and is not answered by a model that cannot see', async () => {
    const { session, parts, client } = answeringSession(saying('never said'));
    session.files.add([new File([await photographed(await redAndBlue(64, 32, 'image/jpeg'))], 'home.jpg')]);
    await vi.waitUntil(() => session.files.ready.length === 1);
    const [file] = session.files.ready;
    if (!file) throw new Error('no picture');
    describePicture(session.files, file, ' My home ');
    await session.send('');
    const [question, answer] = session.path;
    expect(answer).toMatchObject({ state: 'failed', failure: { kind: 'model-cannot-see' } });
    expect(client.requests).toEqual([]);
    const picture = { width: 32, height: 64, description: 'My home' };
    expect(question).toMatchObject({ attachments: [{ name: 'home.jpg', picture, textCharacters: 0 }] });
    await session.edit(question?.id ?? '', 'What is it?');
    const [edited] = session.path;
    if (edited?.role !== 'user') throw new Error('no question');
    expect(edited.attachments).toMatchObject([{ picture }]);

    const [stored] = await parts.attachments.read([file.id]);
    expect(stored).toMatchObject({ picture, mediaType: 'image/jpeg' });
    expect(await stored?.file.text()).not.toMatch(/Exif|GPS/);
    const shown = await session.pictures(edited.attachments ?? []);
    expect(shown.get(file.id)?.size).toBe(stored?.file.size);
    expect(await parts.repository.list()).toMatchObject([{ title: 'My home' }]);
    client.terminate();
  });

  it('is not answered without it, where it is lost', async () => {
    const senses = { sees: true, hears: false };
    const { session, parts, client } = answeringSession(saying('never said'), { model: { senses } });
    const load = client.load.bind(client);
    vi.spyOn(client, 'load').mockImplementation(async (...of) => {
      const loaded = await load(...of);
      return loaded.ok ? { ok: true, value: { ...loaded.value, senses } } : loaded;
    });
    session.files.add([new File([await redAndBlue(64, 32, 'image/png')], 'home.png')]);
    await vi.waitUntil(() => session.files.ready.length === 1);
    await session.send('What is it?');
    const asked = client.requests.length;
    // After a reload, and the browser has lost the file.
    vi.spyOn(parts.attachments, 'read').mockResolvedValue([]);
    const later = new ChatSession(parts);
    await later.open(session.conversationId ?? '');
    await later.regenerate(later.path[1]?.id ?? '');
    const answer = later.path[1];
    expect(answer).toMatchObject({ state: 'failed', failure: { kind: 'picture-unreadable', subject: 'home.png' } });
    expect(client.requests).toHaveLength(asked);
    client.terminate();
  });

  it('that waits is there again after a reload, as it was prepared', async () => {
    const before = new PendingFiles({ changed: () => {}, removed: () => {} });
    before.add([new File([await redAndBlue(64, 32, 'image/png')], 'x.png')]);
    await vi.waitUntil(() => before.ready.length === 1);
    const after = new PendingFiles({ changed: () => {}, removed: () => {} });
    await after.restore(before.items.map((file) => file.record('')));
    expect(after.ready[0]?.ref).toEqual(before.ready[0]?.ref);
    expect(after.ready[0]?.picture).toEqual({ width: 64, height: 32 });
  });
});

/** Files that wait with a question that is not sent, over a reload. */
import { expect, it, vi } from 'vitest';
import { SessionDraft } from '../../src/chat/session-draft.svelte';
import { inMemory } from '../../src/storage/chats-in-memory';
import { DraftKeeper } from '../../src/storage/draft-keeper';
import { fromBase64 } from '../../src/shared/platform/base64';
import { encodedTexts } from '../fixtures/encoded-texts';

it('a file that waits for its encoding waits again after a reload, and is there when it is told', async () => {
  const [, encoding, base64] = encodedTexts[0] ?? [];
  if (encoding === undefined || base64 === undefined) throw new Error('no text in another encoding');
  const { attachments, drafts } = inMemory();
  const open = (): { readonly draft: SessionDraft; readonly keeper: DraftKeeper } => {
    const keeper = new DraftKeeper(drafts, { changed: () => {}, failed: (failure) => expect(failure).toBeNull() });
    return { keeper, draft: new SessionDraft({ attachments, drafts: keeper, knownId: () => null }) };
  };
  const before = open();
  before.draft.files.add([new File([fromBase64(base64)], 'old.txt')]);
  await vi.waitUntil(() => before.draft.files.items[0]?.state === 'encoding-wanted');
  await before.keeper.flush();

  const after = open();
  await after.draft.restore();
  await vi.waitUntil(() => after.draft.files.items[0]?.state === 'encoding-wanted');
  const [file] = after.draft.files.items;
  if (!file) throw new Error('the file is lost');
  expect(file.name).toBe('old.txt');
  expect(file.encodings.map((choice) => choice.encoding)).toContain(encoding);
  const reading = after.draft.files.read(file, encoding);
  // What is typed while it is read does not drop it.
  after.draft.text = 'What does it say?';
  await after.keeper.flush();
  expect((await drafts.read(''))?.attachmentIds).toEqual([file.id]);
  await reading;
  await after.keeper.flush();

  // Asked for by two at once, as by a link from outside.
  const last = open();
  await Promise.all([last.draft.restore(), last.draft.restore()]);
  expect(last.draft.files.ready.map(({ text }) => text)).toEqual([
    new TextDecoder(encoding).decode(fromBase64(base64)),
  ]);
});

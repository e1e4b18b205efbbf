/** What a person has typed or been told stays, whatever the store does meanwhile. */
import { describe, expect, it, vi } from 'vitest';
import type { ChatSession } from '../../src/chat/chat-session.svelte';
import { SessionPool } from '../../src/chat/session-pool.svelte';
import { AnswerDefaults } from '../../src/chat/settings/answer-defaults.svelte';
import { waitingSession, type WaitingSession } from '../fixtures/waiting-session';

const texts = ({ path }: ChatSession): string[] => path.map(({ text }) => text);

/** The question is stored, and its answer waits for the model. */
async function asking(setting: WaitingSession, text = 'Q'): Promise<{ sending: Promise<void> }> {
  const sending = setting.session.send(text);
  await vi.waitUntil(() => setting.session.phase === 'loading-model');
  return { sending };
}

async function answered(setting: WaitingSession): Promise<void> {
  const { sending } = await asking(setting);
  setting.failModel();
  await sending;
}

describe('a chat that is taken from the store while an answer is written', () => {
  it('is found to be gone when the answer has ended, and can be stored again', async () => {
    const setting = waitingSession();
    const { session, chats } = setting;
    const { sending } = await asking(setting);
    const id = session.conversationId ?? '';
    await chats.conversations.remove([id]);
    await session.refresh();
    setting.failModel();
    await sending;
    expect([session.gone, session.failure?.kind]).toEqual([true, 'conversation-gone']);
    expect(texts(session)).toEqual(['Q', '']);
    await session.storeAgain();
    expect((await chats.conversations.read(id))?.messages).toHaveLength(2);
  });

  it('keeps the questions that wait for the answer', async () => {
    const setting = waitingSession();
    const { session, chats } = setting;
    const { sending } = await asking(setting);
    await session.send('R');
    await chats.conversations.remove([session.conversationId ?? '']);
    await session.refresh();
    setting.failModel();
    await sending;
    expect(session.gone).toBe(true);
    expect(session.queue.items.map(({ text }) => text)).toEqual(['R']);
  });

  it('shows what another tab has changed meanwhile', async () => {
    const setting = waitingSession();
    const { session, chats } = setting;
    const { sending } = await asking(setting);
    const id = session.conversationId ?? '';
    await chats.conversations.patch(id, () => ({ settings: { systemPrompt: 'Be brief.' } }));
    await session.refresh();
    expect(session.settings.own.systemPrompt).toBeUndefined();
    setting.failModel();
    await sending;
    expect(session.settings.own.systemPrompt).toBe('Be brief.');
  });
});

describe('a chat that is looked for in the store', () => {
  it('is not let go before that is known, although another is opened', async () => {
    const setting = waitingSession();
    const sessions = new SessionPool(setting.parts);
    const session = sessions.current;
    await answered({ ...setting, session });
    const id = session.conversationId ?? '';
    await setting.chats.conversations.remove([id]);
    sessions.lookAgain();
    sessions.show(null);
    await vi.waitUntil(() => session.gone);
    sessions.show(id);
    expect([sessions.current === session, texts(sessions.current)]).toEqual([true, ['Q', '']]);
  });
});

describe('a chat into which something is on its way', () => {
  it.each([true, false])('is the same when one comes back, and another where nothing is: %s', async (isAwaited) => {
    const setting = waitingSession();
    const sessions = new SessionPool({ ...setting.parts, isAwaited: () => isAwaited });
    const session = sessions.current;
    await answered({ ...setting, session });
    sessions.show(null);
    sessions.show(session.conversationId);
    expect(sessions.current === session).toBe(isAwaited);
  });
});

describe('a chat that was never stored', () => {
  it('is not gone when the database is closed, and can be sent', async () => {
    const setting = waitingSession();
    const { session, chats } = setting;
    const write = vi.spyOn(chats.conversations, 'write').mockRejectedValueOnce(new Error('the disk is full'));
    await session.send('Q');
    expect(session.failure).not.toBeNull();
    await session.refresh();
    expect([session.gone, session.failure?.kind]).not.toContain('conversation-gone');
    expect(session.gone).toBe(false);
    await answered(setting);
    expect(write).toHaveBeenCalledTimes(2);
    expect(texts(session)).toEqual(['Q', '']);
  });
});

describe('the words of a changed question', () => {
  it('go to the box, above what is there, when they cannot be stored', async () => {
    const setting = waitingSession();
    const { session, chats } = setting;
    await answered(setting);
    session.draft = 'typed before';
    vi.spyOn(chats.conversations, 'patch').mockRejectedValue(new Error('the disk is full'));
    await session.edit(session.path[0]?.id ?? '', 'Q in other words');
    expect(session.failure).not.toBeNull();
    expect(session.draft).toBe('Q in other words\n\ntyped before');
    expect(texts(session)).toEqual(['Q', '']);
  });

  it('go to the box when the settings of the answer cannot be read', async () => {
    let broken = false;
    const setting = waitingSession(({ defaults }) => ({
      settings: {
        defaults: new AnswerDefaults(defaults),
        personaOf: () => (broken ? Promise.reject(new Error('the disk is gone')) : Promise.resolve(null)),
      },
    }));
    const { session } = setting;
    await answered(setting);
    broken = true;
    await session.choosePersona('p');
    await session.edit(session.path[0]?.id ?? '', 'Q in other words');
    expect([session.failure?.kind, session.draft]).toEqual(['settings-unreadable', 'Q in other words']);
  });

  it('go to the box when the question has been deleted meanwhile', async () => {
    const setting = waitingSession();
    const { session } = setting;
    await answered(setting);
    const id = session.path[0]?.id ?? '';
    await session.deleteFrom(id);
    await session.edit(id, 'Q in other words');
    expect(session.draft).toBe('Q in other words');
  });

  it('leave the box alone when they are stored', async () => {
    const setting = waitingSession();
    const { session } = setting;
    await answered(setting);
    const editing = session.edit(session.path[0]?.id ?? '', 'Q in other words');
    await vi.waitUntil(() => session.phase === 'loading-model');
    setting.failModel();
    await editing;
    expect([session.draft, texts(session)]).toEqual(['', ['Q in other words', '']]);
  });
});

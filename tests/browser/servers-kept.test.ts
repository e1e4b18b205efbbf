/** Servers of the person's own lie beside the chats: under their lock, and never in an export. */
import { deleteDB } from 'idb';
import { afterEach, describe, expect, it } from 'vitest';
import { exportSotto } from '../../src/library/export-sotto';
import { Servers } from '../../src/servers/servers.svelte';
import type { ChatServer } from '../../src/shared/domain/server';
import type { ModelDescriptor } from '../../src/shared/domain/model';
import { chatsDatabaseName } from '../../src/storage/chats-database';
import type { ChatsStore } from '../../src/storage/chats-store';
import { StoredRecords } from '../../src/storage/stored-records';
import { newKey, openLocked, openTab, rewrite, storedText } from '../fixtures/locked-chats';

const secret = 'sk-of-the-person';
const server: ChatServer = {
  id: 's1',
  kind: 'vllm',
  address: 'http://localhost:8000/v1',
  key: secret,
  models: [{ id: 'qwen', contextTokens: 8192 }, { id: 'deepseek' }],
  addedAt: 1,
};

interface Kept {
  readonly servers: Servers;
  /** As the list of models was told last. */
  readonly models: () => readonly ModelDescriptor[];
}

async function serversOf(store: ChatsStore): Promise<Kept> {
  let told: readonly ModelDescriptor[] = [];
  const servers = new Servers(new StoredRecords(store.tables, 'servers'), (models) => (told = models));
  await servers.open();
  return { servers, models: () => told };
}

afterEach(async () => {
  localStorage.clear();
  await deleteDB(chatsDatabaseName);
});

describe('servers that are kept', () => {
  it('tell their models, and how each is reached; removed, they are forgotten with their key, and come back by undo', async () => {
    const store = openTab();
    const { servers, models } = await serversOf(store);
    await servers.keep(server);
    expect(models().map(({ name, contextTokens }) => [name, contextTokens])).toEqual([
      ['qwen · localhost:8000', 8192],
      ['deepseek · localhost:8000', undefined],
    ]);
    const [qwen] = (await serversOf(store)).models();
    if (!qwen) throw new Error('nothing was kept');
    expect(await servers.connectionOf(qwen)).toEqual({
      ok: true,
      value: { kind: 'vllm', address: server.address, key: secret, model: 'qwen' },
    });
    const other = await serversOf(openTab());
    const removed = await servers.remove(server.id);
    expect(await other.servers.connectionOf(qwen), 'in another tab').toMatchObject({
      ok: false,
      failure: { kind: 'server-lacks-model' },
    });
    expect(models()).toEqual([]);
    expect(await storedText()).not.toContain(secret);
    expect(await servers.connectionOf(qwen)).toMatchObject({ ok: false, failure: { kind: 'server-lacks-model' } });
    if (removed) await servers.keep(removed);
    expect(await servers.connectionOf(qwen)).toMatchObject({ ok: true });
  });

  it('are not reached while only this device may be used, whatever model is chosen', async () => {
    const { servers, models } = await serversOf(openTab());
    await servers.keep(server);
    servers.onlyHere.choose(true);
    const [qwen] = models();
    if (!qwen) throw new Error('nothing was kept');
    expect(await servers.connectionOf(qwen)).toMatchObject({ ok: false, failure: { kind: 'server-unwanted' } });
    // Also in another tab, which was open before, and on the next visit.
    const other = await serversOf(openTab());
    servers.onlyHere.choose(false);
    expect(await other.servers.connectionOf(qwen)).toMatchObject({ ok: true });
    servers.onlyHere.choose(true);
    expect(await other.servers.connectionOf(qwen)).toMatchObject({ ok: false, failure: { kind: 'server-unwanted' } });
    expect((await serversOf(openTab())).servers.onlyHere.on).toBe(true);
    servers.onlyHere.choose(false);
    expect(await servers.connectionOf(qwen)).toMatchObject({ ok: true });
  });

  it('are sealed with the chats, key and address, and opened with them', async () => {
    const { servers } = await serversOf(openTab());
    await servers.keep(server);
    expect(await storedText()).toContain(secret);
    const tab = await openLocked(await newKey(), 'sealing');
    await rewrite(tab);
    const sealed = await storedText();
    expect(sealed).not.toContain(secret);
    expect(sealed).not.toContain('localhost:8000');
    expect((await serversOf(tab)).servers.list).toEqual([server]);
  });

  it('are in no export of everything', async () => {
    const store = openTab();
    await (await serversOf(store)).servers.keep(server);
    const text = await (await exportSotto(store, null)).text();
    expect(text).not.toContain(secret);
    expect(text).not.toContain('localhost:8000');
  });
});

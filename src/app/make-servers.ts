/** Builds what knows of servers. Loaded with the screen of models, and where a model of one is to answer. */
import { Servers } from '../servers/servers.svelte';
import { StoredRecords } from '../storage/stored-records';
import type { RunningApp } from './running-app';

export async function makeServers({ chats, models }: Pick<RunningApp, 'chats' | 'models'>): Promise<Servers> {
  const servers = new Servers(new StoredRecords(chats.tables, 'servers'), (served) => (models.shelf.served = served));
  await servers.open();
  return servers;
}

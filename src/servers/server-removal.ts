import { tick } from 'svelte';
import type { ActiveModel } from '../engine/active-model.svelte';
import type { ModelDescriptor } from '../shared/domain/model';
import type { ChatServer } from '../shared/domain/server';
import { m } from '../text/paraglide/messages.js';
import type { Attempt } from '../ui/attempt';
import { serverName } from './server-text';
import type { Servers } from './servers.svelte';

export type Notify = (notice: { text: string; action?: { label: string; run: () => void } }) => void;

const articles = (): readonly HTMLElement[] => [...document.querySelectorAll<HTMLElement>('article[data-server]')];
const articleOf = (id: string | undefined): HTMLElement | undefined =>
  articles().find(({ dataset }) => dataset['server'] === id);

/** Moves the focus to the card of a server, once it is there. */
export async function focusServer(id: string): Promise<void> {
  await tick();
  articleOf(id)?.focus();
}

/** Forgetting servers, with a way back, and with the focus on what stands beside them. */
export class ServerRemoval {
  /** @param successor the model that is chosen where one of the server was */
  constructor(
    private readonly servers: Servers,
    private readonly activeModel: ActiveModel,
    private readonly successor: () => ModelDescriptor,
    private readonly notify: Notify,
    private readonly attempt: Attempt,
  ) {}

  /** @param instead takes the focus where there is no other server */
  async remove(server: ChatServer, instead: () => void): Promise<void> {
    const ids = articles().map(({ dataset }) => dataset['server']);
    const index = ids.indexOf(server.id);
    const beside = ids[index + 1] ?? ids[index - 1];
    await this.attempt(async () => {
      await this.#letGo(server.id);
      const removed = await this.servers.remove(server.id);
      await tick();
      const article = articleOf(beside);
      if (article) article.focus();
      else instead();
      if (removed === null) return;
      const run = (): void => void this.#restore(removed);
      this.notify({ text: m.server_removed({ server: serverName(server) }), action: { label: m.undo(), run } });
    });
  }

  async #restore(server: ChatServer): Promise<void> {
    await this.attempt(async () => {
      await this.servers.keep(server);
      await focusServer(server.id);
    });
  }

  /** What is gone must not stay chosen, nor go on answering. */
  async #letGo(serverId: string): Promise<void> {
    const { source } = this.activeModel.chosen;
    if (source.kind !== 'server' || source.serverId !== serverId) return;
    await this.activeModel.unload();
    this.activeModel.choose(this.successor());
  }
}

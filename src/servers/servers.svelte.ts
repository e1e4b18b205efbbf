import type { ModelDescriptor } from '../shared/domain/model';
import {
  shortAddress,
  untoldSenses,
  type ChatServer,
  type ServedModel,
  type ServerConnection,
} from '../shared/domain/server';
import { failed, failureFrom, type Result } from '../shared/protocol/failure';
import type { RecordRepository } from '../storage/records';
import { serverBadge, serverNotice } from '../text/server-words';
import { KeptSwitch } from '../ui/kept-switch.svelte';
import { keptText } from '../ui/local-text';

const onlyHereKey = 'sotto.only-here';

/** A fair start where nobody knows the model. */
const sampling = { temperature: 0.7, topP: 0.8, maxTokens: 4096 } as const;

/** The model of a server, as one that can be chosen. */
const descriptorOf = (server: ChatServer, model: ServedModel): ModelDescriptor => ({
  id: `server:${server.id}:${model.id}`,
  name: `${model.id} · ${shortAddress(server.address)}`,
  engine: 'server',
  source: { kind: 'server', serverId: server.id, address: server.address, model: model.id },
  bytes: 0,
  ...(model.contextTokens !== undefined && { contextTokens: model.contextTokens }),
  senses: model.senses ?? untoldSenses,
  sampling,
  elsewhere: { badge: () => serverBadge(server.address), notice: () => serverNotice(server.address) },
});

/** The servers that a person has added. None is ever asked without them: this is a list, and what they have chosen from it. */
export class Servers {
  #list = $state.raw<readonly ChatServer[]>([]);

  /** Whether only models on this device may be used. It is kept apart from all that an import may write. */
  readonly onlyHere = new KeptSwitch(onlyHereKey, undefined, 'off');

  /** @param tell the models of all servers, whenever they have changed */
  constructor(
    private readonly repository: RecordRepository<ChatServer>,
    private readonly tell: (models: readonly ModelDescriptor[]) => void,
  ) {}

  /** In the order in which they were added. */
  get list(): readonly ChatServer[] {
    return this.#list;
  }

  /** Reads the list. Rejects with a `FailureError` of a storage kind. */
  async open(): Promise<void> {
    this.#show(await this.repository.list());
  }

  /** Adds a server, or keeps what has changed of one. */
  async keep(server: ChatServer): Promise<void> {
    await this.repository.write(server);
    this.#show([...this.#list.filter(({ id }) => id !== server.id), server]);
  }

  /** Forgets a server, its key included; returns it, for undo. */
  async remove(id: string): Promise<ChatServer | null> {
    const removed = await this.repository.remove(id);
    this.#show(this.#list.filter((server) => server.id !== id));
    return removed;
  }

  /** How a model of a server is reached, by what is stored now: another tab may have removed it. Never rejects. */
  async connectionOf({ id, source }: ModelDescriptor): Promise<Result<ServerConnection>> {
    if (source.kind !== 'server') return failed('server-lacks-model', `${id} is on no server`);
    // As it is kept, where the browser keeps anything: another tab may have turned it on or off.
    if ((keptText(onlyHereKey) ?? (this.onlyHere.on ? 'on' : 'off')) === 'on')
      return failed('server-unwanted', 'all of the app is set to this device', {
        subject: shortAddress(source.address),
      });
    try {
      const server = await this.repository.read(source.serverId);
      if (!server) return failed('server-lacks-model', `${id}: its server is not known any more`);
      const { kind, address, key } = server;
      return { ok: true, value: { kind, address, model: source.model, ...(key !== undefined && { key }) } };
    } catch (error) {
      return { ok: false, failure: failureFrom(error, 'storage-unavailable') };
    }
  }

  #show(servers: readonly ChatServer[]): void {
    this.#list = [...servers].sort((a, b) => a.addedAt - b.addedAt);
    this.tell(this.#list.flatMap((server) => server.models.map((model) => descriptorOf(server, model))));
  }
}

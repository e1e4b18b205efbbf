import type { Conversation, ConversationId } from '../shared/domain/conversation';
import type { Draft } from '../shared/domain/draft';
import { failureFrom } from '../shared/protocol/failure';
import type { WholeConversation } from '../storage/conversation-repository';
import { LatePart } from '../ui/late-part.svelte';
import { loadPart } from '../ui/load-part';
import type { ChatSearch } from './chat-search.svelte';
import type { ImportRun } from './import-run.svelte';
import { inBatches } from './in-batches';
import type { LibraryParts } from './library-parts';
import { merged } from './merged-list';
import type { ListView } from './list-view.svelte';

/** Read and shown before all the others: a long past must not make opening the app slow. */
const firstShown = 60;
/** All conversations on this device. */
export class Library {
  /** What is typed into the searchbox. */
  query = $state('');
  #conversations = $state.raw<readonly Conversation[]>([]);
  #drafts = $state.raw<ReadonlySet<string>>(new Set());
  #ready = $state(false);
  #importing = $state.raw<ImportRun | null>(null);
  /** What changed while the list was being read; null at other times. */
  #changedMeanwhile: Set<ConversationId> | null = null;
  #search: Promise<ChatSearch> | null = null;
  readonly #view = new LatePart(async () => {
    const { ListView: View } = await loadPart(() => import('./list-view.svelte'));
    return new View(() => this.#conversations);
  });

  constructor(readonly parts: LibraryParts) {
    parts.channel.listen((ids) => void this.refresh(ids));
  }

  /** Newest first. */
  get conversations(): readonly Conversation[] {
    return this.#conversations;
  }
  /** False until the list has been read once. */
  get ready(): boolean {
    return this.#ready;
  }
  /** Conversations in which something is typed and not sent; `newChat` for the new one. */
  get drafts(): ReadonlySet<string> {
    return this.#drafts;
  }

  /** What a person makes of the list; null before it is shown. */
  get view(): ListView | null {
    return this.#view.value;
  }

  /** For showing the list: an empty one has no view. */
  openView(): Promise<ListView> {
    return this.#view.open();
  }

  /** Reads the list: first what is at its top, then all. */
  async load(): Promise<void> {
    const { conversations, drafts, whenOpen } = this.parts.store;
    try {
      this.#changedMeanwhile = new Set();
      if (!this.#ready) {
        this.#conversations = await conversations.front(firstShown);
        this.#ready = true;
      }
      this.#conversations = await conversations.list();
      const changed = [...this.#changedMeanwhile];
      this.#changedMeanwhile = null;
      await this.refresh(changed);
      this.#drafts = new Set([...this.#drafts, ...(await drafts.list()).map(({ id }) => id)]);
    } catch (error) {
      const failure = failureFrom(error, 'storage-unavailable');
      this.parts.failed(failure);
      // Another tab held it up: go on when it has let go.
      if (failure.kind === 'storage-blocked') void whenOpen().then(() => this.load());
    }
    this.#ready = true;
  }

  /** Reads again what another tab, or an import, has changed: those, and no others. */
  async refresh(ids: readonly ConversationId[]): Promise<void> {
    for (const id of ids) this.#changedMeanwhile?.add(id);
    await this.attempt(async () => {
      for (const some of inBatches([...new Set(ids)])) {
        const here = await this.parts.store.conversations.headers(some);
        const found = new Set(here.map(({ id }) => id));
        this.#conversations = merged(this.#conversations, here, new Set(some.filter((id) => !found.has(id))));
      }
    });
  }

  /** A conversation was created or written to in this tab. */
  changed(conversation: Conversation): void {
    this.#changedMeanwhile?.add(conversation.id);
    this.#conversations = merged(this.#conversations, [conversation]);
  }

  /** Something was typed into a conversation, or is no longer there. */
  draftChanged(id: string, draft: Draft | null): void {
    if (this.#drafts.has(id) === (draft !== null)) return;
    const drafts = new Set(this.#drafts);
    if (draft === null) drafts.delete(id);
    else drafts.add(id);
    this.#drafts = drafts;
  }

  /** Changes fields of conversations as they are stored now. `change` is given each of them; null leaves it as it is. */
  async change(
    ids: readonly ConversationId[],
    change: (stored: Conversation) => Partial<Conversation> | null,
  ): Promise<void> {
    await this.attempt(async () => {
      for (const some of inBatches(ids)) {
        const changed = await Promise.all(some.map((id) => this.parts.store.conversations.patch(id, change)));
        const stored = changed.filter((conversation) => conversation !== null);
        for (const { id } of stored) this.#changedMeanwhile?.add(id);
        this.#conversations = merged(this.#conversations, stored);
        this.parts.channel.announce(...stored.map(({ id }) => id));
      }
    });
  }

  rename(id: ConversationId, title: string): Promise<void> {
    const trimmed = title.trim();
    if (trimmed === '') return Promise.resolve();
    return this.change([id], () => ({ title: trimmed, titledBy: 'person' }));
  }

  /** Archived conversations are not pinned: they would stand above what is in use. `parts.archived` is given the way back. */
  async archive(ids: readonly ConversationId[], archived: boolean): Promise<void> {
    if (!archived) return this.change(ids, () => ({ archived }));
    const pinned = new Map<ConversationId, boolean>();
    await this.change(ids, (stored) => {
      pinned.set(stored.id, stored.pinned === true);
      return { archived, pinned: false };
    });
    const undo = (): void =>
      void this.change([...pinned.keys()], ({ id }) => ({ archived: false, pinned: pinned.get(id) ?? false }));
    if (pinned.size > 0) this.parts.archived(pinned.size, undo);
  }

  /** Deletes at once; `removed` is given the way back. */
  async remove(ids: readonly ConversationId[]): Promise<void> {
    const { store, channel, removing, removed } = this.parts;
    const records: WholeConversation[] = [];
    await this.attempt(async () => {
      for (const id of ids) await removing(id);
      for (const some of inBatches(ids)) {
        records.push(...(await store.conversations.remove(some)));
        this.#conversations = merged(this.#conversations, [], new Set(some));
        for (const id of some) this.draftChanged(id, null);
        channel.announce(...some);
      }
    });
    // Also after a failure in the middle: what is gone can still be brought back.
    if (records.length > 0) removed(records, () => void this.#restore(records));
  }

  /** The search, which is loaded and begins to read when it is first wanted. */
  search(): Promise<ChatSearch> {
    this.#search ??= loadPart(() => import('./chat-search.svelte')).then(
      ({ ChatSearch: Search }) => new Search(this.parts.store),
    );
    // An offline page that has never loaded it may load it later.
    this.#search.catch(() => (this.#search = null));
    return this.#search;
  }

  /** The next search begins with a new worker. */
  forgetSearch(): void {
    void this.#search?.then((search) => search.close());
    this.#search = null;
  }

  /** @param ids null for everything. Rejects with a `FailureError`. */
  async exportChats(
    ids: readonly ConversationId[] | null = null,
    format: 'sotto' | 'markdown' = 'sotto',
  ): Promise<Blob> {
    const { store, settle } = this.parts;
    // What was typed a moment ago is in the file, too.
    await settle?.();
    if (format === 'sotto') return (await loadPart(() => import('./export-sotto'))).exportSotto(store, ids);
    return (await loadPart(() => import('./export-markdown'))).exportMarkdown(store, ids);
  }

  /** The file that is being imported, or was last; it goes on when a person looks at another screen. */
  get importing(): ImportRun | null {
    return this.#importing;
  }

  /** Begins to read a file for its preview. Rejects where the part that does it cannot be loaded. */
  async importFile(file: Blob, personasWritten: () => void): Promise<void> {
    this.endImport();
    const { ImportRun: Run } = await loadPart(() => import('./import-run.svelte'));
    const { store, channel, imported } = this.parts;
    const written = async (ids: readonly ConversationId[]): Promise<void> => {
      await this.refresh(ids);
      imported(ids);
      channel.announce(...ids);
    };
    this.#importing = new Run(file, { store, written, personasWritten });
    void this.#importing.read();
  }

  /** Ends what is being done with a file, and forgets it. */
  endImport(): void {
    this.#importing?.cancel();
    this.#importing = null;
  }

  /** Runs `work`; a failure of the storage is told. */
  async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.parts.failed(failureFrom(error, 'storage-unavailable'));
    }
  }

  async #restore(records: readonly WholeConversation[]): Promise<void> {
    await this.attempt(async () => {
      await this.parts.store.conversations.addMany(records);
      const ids = records.map(({ conversation }) => conversation.id);
      await this.refresh(ids);
      for (const { conversation, draft } of records) if (draft) this.draftChanged(conversation.id, draft);
      this.parts.channel.announce(...ids);
    });
  }
}

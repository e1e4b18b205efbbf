import type { Conversation, ConversationId } from '../shared/domain/conversation';
import { listEntries, type ListEntry } from './list-groups';

/** Which conversations the list shows. */
export type Shown =
  { readonly kind: 'current' } | { readonly kind: 'archived' } | { readonly kind: 'tag'; readonly tag: string };

/** What a person has made of the list: what of it is shown, and which ones are selected. */
export class ListView {
  #shown = $state.raw<Shown>({ kind: 'current' });
  #selected = $state.raw<ReadonlySet<ConversationId> | null>(null);
  /** Where a range of selected ones begins. */
  #anchor: ConversationId | null = null;
  readonly #tags = $derived.by(() => {
    const tags = new Set(this.all().flatMap(({ tags: own = [] }) => own));
    return [...tags].sort((a, b) => a.localeCompare(b));
  });
  readonly #archivedCount = $derived.by(() => this.all().filter(({ archived }) => archived).length);
  readonly #entries = $derived.by(() => {
    const shown = this.shown;
    const accept = {
      current: ({ archived }: Conversation) => !archived,
      archived: ({ archived }: Conversation) => archived === true,
      tag: ({ tags = [] }: Conversation) => shown.kind === 'tag' && tags.includes(shown.tag),
    }[shown.kind];
    return listEntries(this.all().filter(accept), Date.now());
  });

  /** @param all all conversations, newest first */
  constructor(private readonly all: () => readonly Conversation[]) {}

  /** A tag or an archive that holds nothing any more is not shown: there would be no way back. */
  get shown(): Shown {
    const shown = this.#shown;
    const empty =
      (shown.kind === 'archived' && !this.hasArchived) || (shown.kind === 'tag' && !this.#tags.includes(shown.tag));
    return empty ? { kind: 'current' } : shown;
  }
  get entries(): readonly ListEntry[] {
    return this.#entries;
  }
  /** All tags in use, in order. */
  get tags(): readonly string[] {
    return this.#tags;
  }
  get archivedCount(): number {
    return this.#archivedCount;
  }
  get hasArchived(): boolean {
    return this.#archivedCount > 0;
  }
  /** Null while nothing is being selected. */
  get selected(): ReadonlySet<ConversationId> | null {
    return this.#selected;
  }

  /** Those whose title has every word of the query. */
  titled(query: string): readonly ListEntry[] {
    const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    const matching = this.all().filter(({ title }) => {
      const lowered = title.toLocaleLowerCase();
      return words.every((word) => lowered.includes(word));
    });
    return listEntries(matching, Date.now());
  }

  show(shown: Shown): void {
    this.#shown = shown;
    this.endSelection();
  }

  toggle(id: ConversationId): void {
    const selected = new Set(this.#selected);
    if (!selected.delete(id)) selected.add(id);
    this.#selected = selected;
    this.#anchor = id;
  }

  /** Selects all from the one that was toggled last. @param listed what a person sees of the list */
  selectTo(id: ConversationId, listed: readonly ListEntry[]): void {
    const ids = listed.map(({ conversation }) => conversation.id);
    const from = this.#anchor === null ? -1 : ids.indexOf(this.#anchor);
    const to = ids.indexOf(id);
    if (from === -1 || to === -1) return this.toggle(id);
    this.#selected = new Set([...(this.#selected ?? []), ...ids.slice(Math.min(from, to), Math.max(from, to) + 1)]);
  }

  selectAll(listed: readonly ListEntry[]): void {
    this.#selected = new Set(listed.map(({ conversation }) => conversation.id));
  }

  endSelection(): void {
    this.#selected = null;
    this.#anchor = null;
  }
}

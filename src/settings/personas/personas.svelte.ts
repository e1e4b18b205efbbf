import type { Failure, Result } from '../../shared/protocol/failure';
import { failureFrom } from '../../shared/protocol/failure';
import type { Persona, PersonaId } from '../../shared/domain/persona';
import { ChangeChannel } from '../../storage/change-channel';
import type { RecordRepository } from '../../storage/records';
import type { LanguageTag } from '../../shared/domain/languages';
import { loadPart } from '../../ui/load-part';

export interface PersonasParts {
  readonly repository: RecordRepository<Persona>;
  readonly language: { readonly current: LanguageTag };
  readonly failed: (failure: Failure) => void;
}

export interface PersonaImport {
  readonly added: number;
  /** With an id that is here already: never overwritten. */
  readonly here: number;
}

const byName = (a: Persona, b: Persona): number => a.name.localeCompare(b.name);

/** The ways of answering that a person can choose: those that come with Sotto, and their own. */
export class Personas {
  #own = $state.raw<readonly Persona[]>([]);
  #shippedIn = $state.raw<((language: LanguageTag) => readonly Persona[]) | null>(null);
  #loaded = $state(false);
  #loading: Promise<void> | null = null;
  readonly #channel = new ChangeChannel('sotto-personas');
  readonly #shipped = $derived.by(() => this.#shippedIn?.(this.parts.language.current) ?? []);
  readonly #all = $derived.by(() => [...this.#shipped, ...this.#own]);

  constructor(private readonly parts: PersonasParts) {
    this.#channel.listen(() => void this.reload());
  }

  /** Those that come with Sotto first, then the person's own by name. Empty until `load`. */
  get all(): readonly Persona[] {
    return this.#all;
  }
  /** They have been read: one that is not among them is not here. */
  get loaded(): boolean {
    return this.#loaded;
  }
  get own(): readonly Persona[] {
    return this.#own;
  }

  isShipped(id: PersonaId): boolean {
    return this.#shipped.some((persona) => persona.id === id);
  }

  /** Reads them once; they are not needed to begin. Never rejects. */
  load(): Promise<void> {
    return this.#attempt(() => this.#read());
  }

  /** The persona of a conversation; null when it is gone. Rejects where that cannot be told, since they could not be read. */
  async find(id: PersonaId): Promise<Persona | null> {
    await this.#read();
    return this.#all.find((persona) => persona.id === id) ?? null;
  }

  /** Reads the person's own again: another tab or an import has changed them. */
  reload(): Promise<void> {
    return this.#loading === null ? Promise.resolve() : this.#attempt(() => this.#readOwn());
  }

  /** Stores a new persona, or a changed one of the person's own. */
  async save(persona: Persona): Promise<void> {
    await this.#attempt(async () => {
      const saved = { ...persona, updatedAt: Date.now() };
      await this.parts.repository.write(saved);
      this.#own = [...this.#own.filter(({ id }) => id !== persona.id), saved].sort(byName);
      this.#channel.announce(persona.id);
    });
  }

  /** A persona to edit and save: empty, or a copy. */
  draft(from?: Persona): Persona {
    const now = Date.now();
    const fresh = { id: crypto.randomUUID(), createdAt: now, updatedAt: now };
    return from ? { ...from, ...fresh } : { name: '', icon: '💬', settings: {}, ...fresh };
  }

  /** @returns the way back; null when there was nothing to delete */
  async remove(id: PersonaId): Promise<(() => Promise<void>) | null> {
    let removed: Persona | null = null;
    await this.#attempt(async () => {
      removed = await this.parts.repository.remove(id);
      this.#own = this.#own.filter((persona) => persona.id !== id);
      this.#channel.announce(id);
    });
    const gone = removed as Persona | null;
    return gone && (() => this.save(gone));
  }

  async exportFile(personas: readonly Persona[] = this.#own): Promise<Blob> {
    return (await loadPart(() => import('./persona-file'))).personaFile(personas);
  }

  async importFile(file: Blob): Promise<Result<PersonaImport>> {
    try {
      const { personasIn } = await loadPart(() => import('./persona-file'));
      const found = await personasIn(file);
      if (!found.ok) return found;
      await this.load();
      const fresh = found.value.filter(({ id }) => !this.isShipped(id));
      const added = await this.parts.repository.add(fresh);
      await this.#readOwn();
      this.#channel.announce(...fresh.map(({ id }) => id));
      return { ok: true, value: { added, here: found.value.length - added } };
    } catch (error) {
      return { ok: false, failure: failureFrom(error, 'storage-unavailable') };
    }
  }

  #read(): Promise<void> {
    if (this.#loading !== null) return this.#loading;
    const loading = Promise.all([loadPart(() => import('./shipped-personas')), this.#readOwn()]).then(
      ([{ shippedPersonas }]) => {
        this.#shippedIn = shippedPersonas;
        this.#loaded = true;
      },
    );
    this.#loading = loading;
    // What could not be read now may be read at the next try.
    loading.catch(() => (this.#loading = null));
    return loading;
  }

  async #readOwn(): Promise<void> {
    this.#own = [...(await this.parts.repository.list())].sort(byName);
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.parts.failed(failureFrom(error, 'storage-unavailable'));
    }
  }
}

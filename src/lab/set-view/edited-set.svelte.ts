/** A set while it is edited: what is typed is stored by itself, a moment after the last key. */
import type { CaseId, CaseSet, LabCase } from '../../shared/domain/lab/case-set';
import type { Lab } from '../lab.svelte';

/** After the last change, in ms. */
const saveAfterMs = 400;

export class EditedSet {
  #set = $state.raw<CaseSet>() as CaseSet;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly lab: Lab,
    set: CaseSet,
  ) {
    this.#set = set;
  }

  get set(): CaseSet {
    return this.#set;
  }

  change(changes: Partial<CaseSet>): void {
    this.#set = { ...this.#set, ...changes };
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), saveAfterMs);
  }

  changeCase(changed: LabCase): void {
    this.change({ cases: this.#set.cases.map((labCase) => (labCase.id === changed.id ? changed : labCase)) });
  }

  addCases(cases: readonly LabCase[]): void {
    this.change({ cases: [...this.#set.cases, ...cases] });
  }

  /** @returns the way back */
  removeCase(id: CaseId): () => void {
    const index = this.#set.cases.findIndex((labCase) => labCase.id === id);
    const gone = this.#set.cases[index];
    this.change({ cases: this.#set.cases.filter((labCase) => labCase.id !== id) });
    return () => gone && this.change({ cases: this.#set.cases.toSpliced(index, 0, gone) });
  }

  /** Stores what has not been stored yet. */
  async flush(): Promise<void> {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    await this.lab.saveSet(this.#set);
  }
}

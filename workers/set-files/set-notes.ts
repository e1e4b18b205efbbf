import type { SetNote, SetNoteKind, SetPlace } from '../../src/shared/domain/lab/set-note';

const mostPlaces = 20;
const mostDetail = 120;
/** Kinds with thousands of different details would make a list that nobody reads, and that fills the memory. */
const mostNotes = 500;

interface OpenNote {
  readonly kind: SetNoteKind;
  readonly detail?: string;
  readonly places: SetPlace[];
  count: number;
}

/** Gathers notes: what a file asks for in each of 50,000 rows is one note. */
export class SetNotes {
  readonly #notes = new Map<string, OpenNote>();

  add(kind: SetNoteKind, place: SetPlace, detail?: string): void {
    const shown = detail === undefined ? undefined : shortened(detail);
    const key = this.#notes.size < mostNotes ? `${kind} ${shown ?? ''}` : kind;
    const found = this.#notes.get(key);
    if (found) {
      found.count += 1;
      if (found.places.length < mostPlaces) found.places.push(place);
    } else {
      const named = shown !== undefined && key !== kind;
      this.#notes.set(key, { kind, ...(named && { detail: shown }), places: [place], count: 1 });
    }
  }

  /** In the order in which they were first met. */
  get list(): readonly SetNote[] {
    return [...this.#notes.values()];
  }
}

function shortened(text: string): string {
  const line = text
    .slice(0, 4 * mostDetail)
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > mostDetail ? `${line.slice(0, mostDetail - 1)}…` : line;
}

/** The place that was chosen last. Its words are marked where it is opened: they must not stand in the address, which is kept. */
import type { FoundPlace } from '../shared/domain/collection';

class LastPlace {
  #place: FoundPlace | null = null;

  remember(place: FoundPlace): void {
    this.#place = place;
  }

  /** Null after a reload, and for an address that was typed. */
  at(documentId: string, start: number): FoundPlace | null {
    const place = this.#place;
    return place?.documentId === documentId && place.start === start ? place : null;
  }
}

export const lastPlace = new LastPlace();

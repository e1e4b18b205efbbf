/** How many of the passages that were found go into a prompt. */
import type { FoundPlace } from '../../shared/domain/collection';
import { cutText } from '../../shared/domain/cut-text';
import { estimateTokens } from '../context/estimate-tokens';
import { answerRoom } from '../context/fit-turns';
import { passagesText } from './passages-prompt';

/** More passages than this distract a small model more than they help it. */
export const mostPlaces = 8;
/** What eight passages of the usual length take. */
const mostTokens = 3600;
/** Of the window: the conversation needs the rest. */
const mostOfWindow = 0.5;
/** A passage with less of it than this says nothing any more. */
const fewestTokens = 40;
const mostTries = 3;

export interface FittedPlaces {
  readonly places: readonly FoundPlace[];
  /** Of `passagesText`. */
  readonly tokens: number;
  readonly counted: boolean;
}

/** Tokens that passages may have. @param otherTokens of what must be in the prompt beside them: instructions, question, files */
export function placesRoom(contextTokens: number, otherTokens: number, maxTokens: number | undefined): number {
  const free = contextTokens - answerRoom(contextTokens, maxTokens) - otherTokens;
  return Math.max(0, Math.min(mostTokens, Math.floor(contextTokens * mostOfWindow), free));
}

/** The beginning of a passage, with the marks that are in it. */
function cutPlace(place: FoundPlace, characters: number): FoundPlace {
  const text = cutText(place.text, characters);
  const marks = place.marks.filter(([, end]) => end <= text.length);
  return { ...place, text, end: place.start + text.length, marks };
}

/** The first so many that have room together; the first of all is cut where it is too long alone. */
function chosenFor(found: readonly FoundPlace[], isFar: boolean, room: number, factor: number): readonly FoundPlace[] {
  const tokensOf = (places: readonly FoundPlace[]): number => estimateTokens(passagesText(places, isFar)) * factor;
  for (let count = found.length; count > 0; count -= 1) {
    const places = found.slice(0, count);
    if (tokensOf(places) <= room) return places;
  }
  const [first] = found;
  if (!first) return [];
  const around = tokensOf([{ ...first, text: '', marks: [] }]);
  const left = room - around;
  const share = left / Math.max(1, tokensOf([first]) - around);
  return left < fewestTokens ? [] : [cutPlace(first, Math.floor(first.text.length * share * 0.95))];
}

/**
 * @param found best first
 * @param room in tokens of the model
 * @param factor tokens of the model for one that is guessed
 * @param count what the engine counts; null where it cannot
 */
export async function fitPlaces(
  found: readonly FoundPlace[],
  isFar: boolean,
  room: number,
  factor: number,
  count: (text: string) => Promise<number | null>,
): Promise<FittedPlaces> {
  const best = found.slice(0, mostPlaces);
  let places = chosenFor(best, isFar, room, factor);
  let seen = factor;
  for (let attempt = 0; attempt < mostTries; attempt += 1) {
    const text = passagesText(places, isFar);
    const guess = estimateTokens(text);
    const counted = await count(text);
    if (counted === null) return { places, tokens: Math.ceil(guess * factor), counted: false };
    if (counted <= room || places.length === 0) return { places, tokens: counted, counted: true };
    // Never less than was cut with: the same cut would be too long again.
    seen = Math.max(seen * 1.05, counted / guess);
    places = chosenFor(best, isFar, room, seen);
  }
  return { places, tokens: Math.ceil(estimateTokens(passagesText(places, isFar)) * seen), counted: false };
}

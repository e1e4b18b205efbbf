/** What an answer draws on of a person's own files: found before the prompt is made, and kept with the answer. */
import type { CollectionId, FoundPlace, PlaceSearch } from '../../shared/domain/collection';
import type { Message } from '../../shared/domain/conversation';
import type { DocumentsPort } from './documents-port';
import { fitPlaces, placesRoom } from './fit-places';
import { passagesText, withBeforeQuestion } from './passages-prompt';
import { searchDocuments } from './search-documents.svelte';

/** What stands at the answer. */
export interface AnswerSources {
  readonly places: readonly FoundPlace[];
  readonly search: PlaceSearch;
}

export interface QuestionDocuments {
  readonly documents: DocumentsPort;
  readonly ids: readonly CollectionId[];
}

interface Tools {
  readonly contextTokens: number;
  readonly maxTokens: number | undefined;
  /** Of what must be in the prompt beside the passages. */
  readonly otherTokens: () => Promise<number>;
  /** Tokens of the model for one that is guessed. */
  readonly factor: number;
  /** Null where the engine cannot count. */
  readonly count: (text: string) => Promise<number | null>;
  /** The model was trained to answer about one thing, and can do nothing with passages. */
  readonly cannotUse: boolean;
}

const nothing = { by: 'words', tokens: 0, milliseconds: 0 } as const;

/** The question that is asked at the end of a branch, in the person's own words. */
const questionOf = (branch: readonly Message[]): string =>
  branch.findLast(({ role }) => role === 'user')?.text.trim() ?? '';

/**
 * Never rejects.
 * @returns null where there is nothing to search for or in, and where the answer was stopped
 */
export async function findSources(
  { documents, ids }: QuestionDocuments,
  branch: readonly Message[],
  signal: AbortSignal,
  tell: (fraction: number | null) => void,
  tools: Tools,
): Promise<AnswerSources | null> {
  const question = questionOf(branch);
  if (question === '') return null;
  const result = await searchDocuments(documents, ids, question, signal, tell);
  if (result === null || signal.aborted) return null;
  if (!result.ok) return { places: [], search: { ...nothing, failure: result.failure } };
  const { found, missingFiles } = result.value;
  const { isFar } = found;
  const told: Omit<PlaceSearch, 'tokens'> = {
    by: found.by,
    milliseconds: found.milliseconds,
    ...(found.withoutVectors && { withoutVectors: found.withoutVectors }),
    ...(isFar && { isFar }),
    ...(missingFiles > 0 && { missingFiles }),
  };
  if (tools.cannotUse) return { places: plain(found.places), search: { ...told, tokens: 0, unread: true } };
  const room = placesRoom(tools.contextTokens, await tools.otherTokens(), tools.maxTokens);
  const fitted = await fitPlaces(found.places, isFar, room, tools.factor, tools.count);
  return {
    places: plain(fitted.places),
    search: { ...told, tokens: fitted.tokens, ...(fitted.counted && { counted: true }) },
  };
}

/** As they are stored: what a search holds them in may be more than data. */
const plain = (places: readonly FoundPlace[]): readonly FoundPlace[] =>
  places.map((place) => ({ ...place, marks: place.marks.map(([start, end]) => [start, end] as const) }));

/** What a model is shown: with the passages before the last question, where there are any for it. */
export function withSources(branch: readonly Message[], sources: AnswerSources | null): readonly Message[] {
  if (sources === null) return branch;
  const { places, search } = sources;
  const isFar = search.isFar === true;
  // That nothing was found is told; that there was no room for what was found is no matter of the model.
  if (search.failure || search.unread || (places.length === 0 && !isFar)) return branch;
  return withBeforeQuestion(branch, passagesText(places, isFar));
}

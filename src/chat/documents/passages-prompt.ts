/** How passages of a person's own files stand in a prompt: numbered, each with its place, before the question. Pure. */
import type { FoundPlace } from '../../shared/domain/collection';
import type { Message } from '../../shared/domain/conversation';
import { fenceFor, oneLine } from '../files/file-template';

// In English, like all that is said to models beside a person's own words.
const heading = "Passages from the user's own files, found for the question that follows them:";
const asking =
  'Answer the question from these passages. After each statement, name the passage that it is from by its number, like [1]. If the passages do not answer the question, say so.';
const farHeading =
  "The search found nothing in the user's own files that comes near the question that follows. These are the nearest passages there are, and the beginnings of the files:";
const farAsking =
  'If they answer the question, or it is about the files as a whole, answer from them, and name the passage by its number, like [1]. Otherwise say that the files do not say it.';
const nothing =
  "The user's own files were searched for the question that follows, and nothing in them comes near it. Say so, and answer only what you know for certain.";

/** "page 12, Results > Energy"; empty for a file that has neither pages nor headings. */
function whereIn({ page, headings = [] }: FoundPlace): string {
  const parts = [page === undefined ? '' : `page ${page}`, oneLine(headings.join(' > '))];
  return parts.filter(Boolean).join(', ');
}

/** The words are fenced: nothing in a file can pass for another passage, or for what stands around them. */
function passage(place: FoundPlace, number: number): string {
  const where = whereIn(place);
  const text = place.text.trim();
  const fence = fenceFor(text);
  return `[${number}] "${oneLine(place.documentName)}"${where && `, ${where}`}:\n${fence}\n${text}\n${fence}`;
}

/** What is put before a question. @param isFar nothing comes near the question */
export function passagesText(places: readonly FoundPlace[], isFar: boolean): string {
  if (places.length === 0) return nothing;
  const passages = places.map((place, index) => passage(place, index + 1));
  return [isFar ? farHeading : heading, ...passages, isFar ? farAsking : asking].join('\n\n');
}

/** A branch with a text before its last question. Earlier questions have none of theirs: each is searched for anew. */
export function withBeforeQuestion(branch: readonly Message[], text: string): readonly Message[] {
  const at = branch.findLastIndex(({ role }) => role === 'user');
  return branch.map((message, index) =>
    index === at ? { ...message, text: `${text}\n\nQuestion: ${message.text}` } : message,
  );
}

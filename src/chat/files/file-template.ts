/** How files stand in a prompt: each with its name, fenced, before the question. */
import type { PictureFacts, SoundFacts } from '../../shared/domain/attachment';
import { cutText } from '../../shared/domain/cut-text';

export interface FileInPrompt {
  readonly name: string;
  /** What of its text is used; null where it can no longer be read. */
  readonly text: string | null;
  readonly usedCharacters: number;
  readonly textCharacters: number;
  /** Of a picture that the model does not get. */
  readonly picture?: PictureFacts;
  /** Of a sound that the model does not get. */
  readonly sound?: SoundFacts;
}

/** Longer than any row of backticks in the text: nothing in it can close the fence. */
export function fenceFor(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([row]) => row.length));
  return '`'.repeat(longest + 1);
}

// A name is a label, not a place for instructions of several lines.
export const oneLine = (name: string, longest = 200): string =>
  cutText(name.replace(/\s+/g, ' ').replaceAll('"', "'"), longest);

function extent({ usedCharacters, textCharacters }: FileInPrompt): string {
  return usedCharacters < textCharacters ? ` (the first ${usedCharacters} of ${textCharacters} characters)` : '';
}

function pictureText({ name }: FileInPrompt, description = ''): string {
  const told = description === '' ? '' : ` (${oneLine(description, 1000)})`;
  return `Picture "${oneLine(name)}"${told} is not shown to this model.`;
}

function fileText(file: FileInPrompt): string {
  if (file.picture) return pictureText(file, file.picture.description);
  if (file.sound) return `Sound "${oneLine(file.name)}" is not played to this model.`;
  if (file.text === null) return `File "${oneLine(file.name)}" is no longer available.`;
  const fence = fenceFor(file.text);
  const end = file.text.endsWith('\n') ? '' : '\n';
  return `File "${oneLine(file.name)}"${extent(file)}:\n${fence}\n${file.text}${end}${fence}`;
}

/** The question with its files. In English, like all that is said to models beside a person's own words. */
export function withFiles(question: string, files: readonly FileInPrompt[]): string {
  return [...files.map(fileText), question].filter((part) => part.trim() !== '').join('\n\n');
}

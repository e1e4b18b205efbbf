/** Cuts the files of a question so that it fits the model's window, by what the engine counts. */
import { estimateOf } from '../context/prompt-size';
import { answerRoom } from '../context/fit-turns';
import { tokensOfFile, type TokenScale } from '../context/file-tokens';
import { mediaOf, takesMedia } from '../context/turn-media';
import { isMedia } from '../files/attachment-texts';
import { fitFiles } from '../files/fit-files';
import type { PendingFile } from '../files/pending-file.svelte';
import { shownTo, turnsOf } from '../prompt';
import { nextQuestion } from '../question';
import { resolveSettings } from '../settings/resolve-settings';
import type { ChatHost } from '../chat-host';
import { windowOf } from './window-of';

/** A cut is guessed, counted and corrected; a tokenizer that needs more tries than this is not to be had closer. */
const mostTries = 8;
/** Of the room: closer than this, another try would gain nothing anybody sees. */
const closeEnough = 0.97;

export interface FileCount {
  /** What was counted: the files as they are cut. */
  readonly key: string;
  /** Of the question with its files and the system prompt, in tokens of the model. */
  readonly tokens: number;
  /** What was typed when it was counted. */
  readonly draft: string;
}

export const keyOf = (files: readonly PendingFile[]): string =>
  files.map(({ id, usedCharacters }) => `${id}:${usedCharacters}`).join();

/** Tokens that question, files and system prompt may have together; null while the window is not known. */
export function questionRoom({ activeModel, session }: ChatHost): number | null {
  const window = windowOf(activeModel);
  if (window === null) return null;
  const { sampling } = resolveSettings(session.settings.layers, activeModel.chosen);
  return window - answerRoom(window, sampling.maxTokens);
}

/** Null where the engine cannot count, or is not there. */
export async function countQuestion(host: ChatHost, files: readonly PendingFile[]): Promise<FileCount | null> {
  const { activeModel, session } = host;
  const { draft } = session;
  const key = keyOf(files);
  const { chosen, loaded } = activeModel;
  if (loaded === null) return null;
  const turns = turnsOf(shownTo(chosen, [nextQuestion(session, draft, files)]), false, {
    systemPrompt: resolveSettings(session.settings.layers, chosen).systemPrompt,
    fileTexts: new Map(files.map((file) => [file.id, file.text])),
    ...(takesMedia(activeModel) && { media: await mediaOf(session, [], files, activeModel) }),
  });
  const counted = await activeModel.client.countTokens(turns);
  return counted.ok && counted.value !== null ? { key, tokens: counted.value, draft } : null;
}

/** Of a picture or a sound, nothing can be cut. */
function cutTo(all: readonly PendingFile[], room: number, scale: TokenScale): void {
  const files = all.filter((file) => !isMedia(file));
  const tokens = Math.max(0, room - guessedTokens(all.filter(isMedia), scale));
  const sized = files.map((file) => ({
    tokens: tokensOfFile(file, file.text.length, scale),
    characters: file.text.length,
  }));
  for (const [index, characters] of fitFiles(sized, tokens).entries()) {
    const file = files[index];
    if (file) file.usedCharacters = characters;
  }
}

const guessedTokens = (files: readonly PendingFile[], scale: TokenScale): number =>
  files.reduce((sum, file) => sum + tokensOfFile(file, file.usedCharacters, scale), 0);

/** For an engine that does not count. What is cut is guessed anew, and not evenly: so until the guess fits, too. */
export function fitByGuess(files: readonly PendingFile[], room: number, scale: TokenScale): void {
  for (let share = 1; share > 0.5; share -= 0.02) {
    cutTo(files, room * share, scale);
    if (guessedTokens(files, scale) <= room) return;
  }
}

/**
 * Small files stay whole; the large ones share what is left.
 * @returns what the engine counted for the cut that was made; null where it could only be guessed
 */
export async function fitToWindow(
  host: ChatHost,
  files: readonly PendingFile[],
  scale: TokenScale,
): Promise<FileCount | null> {
  const room = questionRoom(host);
  if (room === null) return null;
  const { session, activeModel } = host;
  const { systemPrompt } = resolveSettings(session.settings.layers, activeModel.chosen);
  const around = estimateOf([
    { role: 'system', content: systemPrompt },
    { role: 'user', content: session.draft },
  ]);
  let target = Math.max(0, room - Math.ceil(around * scale.factor));
  let fitting: { readonly target: number; readonly count: FileCount } | null = null;
  /** The least that was found to be too much. */
  let over = Infinity;
  for (let attempt = 0; attempt < mostTries; attempt += 1) {
    cutTo(files, target, scale);
    const count = await countQuestion(host, files);
    if (count === null) return null;
    const whole = files.every(({ usedCharacters, text }) => usedCharacters === text.length);
    if (count.tokens <= room) {
      if (fitting === null || target > fitting.target) fitting = { target, count };
      if (whole || count.tokens >= room * closeEnough) break;
    } else over = Math.min(over, target);
    const next = Math.floor((target * room * (closeEnough + 1)) / 2 / Math.max(1, count.tokens));
    // Never again where it was too much, nor below what is known to fit.
    const least = fitting?.target ?? 0;
    target = next > least && next < over ? next : Math.floor((least + Math.min(over, room * 4)) / 2);
  }
  if (fitting === null) return null;
  cutTo(files, fitting.target, scale);
  return fitting.count;
}

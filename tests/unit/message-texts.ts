/** The messages as their files have them, for tests that read every text. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LanguageTag } from '../../src/shared/domain/languages';
import type { SourceMessage } from '../../tools/build/table-entry';

export function messagesOf(locale: LanguageTag): Readonly<Record<string, SourceMessage>> {
  const path = join(__dirname, `../../src/text/messages/${locale}.json`);
  const messages = JSON.parse(readFileSync(path, 'utf8')) as Record<string, SourceMessage>;
  delete messages['$schema'];
  return messages;
}

/** Every text that a message can show: one, or one for each combination of plural categories. */
export const textsOf = (message: SourceMessage): readonly string[] =>
  typeof message === 'string' ? [message] : Object.values(message[0].match);

/** The names in braces, each once, sorted. */
export const inputsOf = (message: SourceMessage): readonly string[] =>
  [
    ...new Set(textsOf(message).flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name))),
  ].sort();

/** Words that are spelled otherwise in America, where the texts are at home. */
export const british =
  /licence|quantis|summaris|recognis|optimis|initialis|cancelled|cancelling|colour|behaviour|favour|\bgrey\b|\bmaths\b|catalogue|whilst/i;

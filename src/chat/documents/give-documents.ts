/** Ways in which a chat is given files to search: chosen from those that are there, or new ones. */
import type { CollectionsApi } from '../../documents/documents-api';
import type { CollectionId } from '../../shared/domain/collection';
import { without } from '../../shared/domain/chosen-fields';
import { FailureError, type Result } from '../../shared/protocol/failure';
import type { ChatHost } from '../chat-host';
import type { ChatSession } from '../chat-session.svelte';
import type { PendingFile } from '../files/pending-file.svelte';

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new FailureError(result.failure);
  return result.value;
}

/** Those of a chat that are on this device. A chat from elsewhere may name others. */
export const chatCollections = ({ settings }: ChatSession, { list }: CollectionsApi): readonly CollectionId[] =>
  (settings.own.collections ?? []).filter((id) => list.some((one) => one.id === id));

/** None: the chat is as if it had never had any. */
export function setCollections(session: ChatSession, ids: readonly CollectionId[]): Promise<void> {
  const rest = without(session.settings.own, 'collections');
  return session.changeSettings(ids.length === 0 ? rest : { ...rest, collections: ids });
}

const nameOf = (fileName: string): string => fileName.replace(/\.[^.]{1,10}$/, '').trim() || fileName;

/**
 * Puts files into the collection of a chat, or into one of their own where it has none yet.
 * @throws FailureError where they cannot be stored; nothing of the chat has changed then
 */
export async function addToChat(
  session: ChatSession,
  collections: CollectionsApi,
  files: readonly File[],
): Promise<void> {
  const [first] = files;
  if (!first) return;
  const known = chatCollections(session, collections);
  const id = known[0] ?? valueOf(await collections.create(nameOf(first.name))).id;
  valueOf(await collections.addFiles(id, files));
  await setCollections(session, [...new Set([...known, id])]);
}

/**
 * Takes files from a question and lets the chat search them instead.
 * @throws FailureError where they cannot be stored; they stay with the question then
 */
export async function searchInstead(host: ChatHost, files: readonly PendingFile[]): Promise<void> {
  const { session } = host;
  const { collections } = await host.documents.open();
  const asFiles = files.map(({ file, name, mediaType }) => new File([file], name, { type: mediaType }));
  await addToChat(session, collections, asFiles);
  for (const { id } of files) session.files.remove(id);
}

/** What cannot go into a prompt, and can be searched: Word files, books, and what is too large. */
export const canSearch = ({ failure, name }: PendingFile): boolean =>
  failure?.kind === 'attachment-too-large' || (failure?.kind === 'attachment-binary' && /\.(docx|epub)$/i.test(name));

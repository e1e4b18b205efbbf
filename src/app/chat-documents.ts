/** What the chat is given of the person's own files. Loaded when a chat has some, or is to be given some. */
import type { ChatDocuments } from '../chat/documents/documents-port';
import PlaceDialog from '../documents/PlaceDialog.svelte';
import type { RunningApp } from './running-app';

export async function chatDocuments({ documents }: Pick<RunningApp, 'documents'>): Promise<ChatDocuments> {
  const collections = await documents.open();
  // Another screen may not have been there yet; and a chat shows the names of what it searches.
  if (collections.list.length === 0) await collections.load();
  return { collections, PlaceDialog };
}

/** What a person sees of a file before anything is written. */
import type { BrokenPart, ChatFileFormat, ConversationPreview, OpenedFile, ReadBatch } from '../contracts/chat-files';
import type { ConversationId } from '../contracts/conversation';

/** How a conversation of the file stands to what is on this device. */
export type Standing = 'new' | 'more' | 'here';

export interface PreviewEntry {
  readonly id: ConversationId;
  readonly title: string;
  readonly messages: number;
  readonly standing: Standing;
}

export interface ImportPreview {
  readonly format: ChatFileFormat | null;
  /** Made by a newer version of Sotto. */
  readonly newer: boolean;
  readonly counts: Readonly<Record<Standing, number>>;
  /** The first of the conversations; all of a very large file would be too many to look at. */
  readonly entries: readonly PreviewEntry[];
  /** Those that are not here yet. */
  readonly personas: number;
  readonly broken: readonly BrokenPart[];
  readonly brokenCount: number;
}

const mostListed = 500;

/** The preview with one more part of the file. */
export function withBatch(
  before: ImportPreview | null,
  { format, newer }: OpenedFile,
  batch: ReadBatch<ConversationPreview>,
  standings: readonly Standing[],
  newPersonas: number,
): ImportPreview {
  const counts = { ...(before?.counts ?? { new: 0, more: 0, here: 0 }) };
  for (const standing of standings) counts[standing] += 1;
  const entries = batch.conversations.map(({ id, title, messageIds }, index) => ({
    id,
    title,
    messages: messageIds.length,
    standing: standings[index] ?? 'new',
  }));
  return {
    format,
    newer,
    counts,
    entries: [...(before?.entries ?? []), ...entries].slice(0, mostListed),
    personas: (before?.personas ?? 0) + newPersonas,
    broken: [...(before?.broken ?? []), ...batch.broken].slice(0, mostListed),
    brokenCount: (before?.brokenCount ?? 0) + batch.broken.length,
  };
}

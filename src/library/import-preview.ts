/** What a person sees of a file before anything is written. */
import {
  addedUp,
  type BrokenPart,
  type ChatFileFormat,
  type ConversationPreview,
  type LeftOut,
  type OpenedFile,
  type ReadBatch,
} from '../shared/protocol/chat-files';
import type { ConversationId } from '../shared/domain/conversation';

/** How a conversation of the file stands to what is on this device. */
export type Standing = 'new' | 'more' | 'here';

export interface PreviewEntry {
  readonly id: ConversationId;
  readonly title: string;
  readonly messages: number;
  readonly standing: Standing;
}

export interface LabCounts {
  readonly sets: number;
  readonly runs: number;
}

/** What of a part of a file is not here yet, besides conversations. */
export interface FreshRecords {
  readonly personas: number;
  readonly lab: LabCounts;
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
  /** Of the Lab, those that are not here yet. */
  readonly lab: LabCounts;
  readonly broken: readonly BrokenPart[];
  readonly brokenCount: number;
  readonly leftOut: LeftOut;
}

const mostListed = 500;

/** The preview with one more part of the file. */
export function withBatch(
  before: ImportPreview | null,
  { format, newer }: OpenedFile,
  batch: ReadBatch<ConversationPreview>,
  standings: readonly Standing[],
  fresh: FreshRecords,
): ImportPreview {
  const counts = { ...(before?.counts ?? { new: 0, more: 0, here: 0 }) };
  const entries = new Map(before?.entries.map((entry) => [entry.id, entry]));
  for (const [index, { id, title, messageIds }] of batch.conversations.entries()) {
    const standing = standings[index] ?? 'new';
    // Told in several parts: two exports put together, for example.
    const earlier = entries.get(id);
    if (!earlier) counts[standing] += 1;
    const messages = (earlier?.messages ?? 0) + messageIds.length;
    if (earlier || entries.size < mostListed) entries.set(id, { standing, ...earlier, id, title, messages });
  }
  return {
    format,
    newer,
    counts,
    entries: [...entries.values()],
    personas: (before?.personas ?? 0) + fresh.personas,
    lab: {
      sets: (before?.lab.sets ?? 0) + fresh.lab.sets,
      runs: (before?.lab.runs ?? 0) + fresh.lab.runs,
    },
    broken: [...(before?.broken ?? []), ...batch.broken].slice(0, mostListed),
    brokenCount: (before?.brokenCount ?? 0) + batch.broken.length,
    leftOut: addedUp(before?.leftOut ?? {}, batch.leftOut),
  };
}

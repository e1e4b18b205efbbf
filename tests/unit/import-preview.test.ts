import { expect, it } from 'vitest';
import type { OpenedFile } from '../../src/shared/protocol/chat-files';
import { withBatch } from '../../src/library/import-preview';

const file = { format: 'sotto', newer: false } as OpenedFile;
const told = (id: string, ...messageIds: string[]) => ({
  conversations: [{ id, title: `Title of ${id}`, messageIds }],
  broken: [],
});

it('a conversation that is told in several parts stands once in the preview', () => {
  const batches = [told('a', '1', '2'), told('b', '3'), told('a', '4')] as unknown as Parameters<typeof withBatch>[2][];
  let preview: ReturnType<typeof withBatch> | null = null;
  for (const batch of batches)
    preview = withBatch(preview, file, batch, ['new'], { personas: 0, lab: { sets: 0, runs: 0 } });
  expect(preview?.counts).toEqual({ new: 2, more: 0, here: 0 });
  expect(preview?.entries.map(({ id, messages }) => [id, messages])).toEqual([
    ['a', 3],
    ['b', 1],
  ]);
});

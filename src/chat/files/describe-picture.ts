import type { PendingFile } from './pending-file.svelte';
import type { PendingFiles } from './pending-files.svelte';

/** Says what is on a picture of a question, in the words of a person; empty for nothing. */
export function describePicture({ listener }: PendingFiles, pending: PendingFile, description: string): void {
  const { picture } = pending;
  if (!picture) return;
  const { width, height } = picture;
  pending.picture = { width, height, ...(description.trim() && { description: description.trim() }) };
  pending.kept = false;
  listener.changed();
}

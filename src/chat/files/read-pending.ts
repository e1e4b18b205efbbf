/** Fills a file of a question with what is found in it. Loaded with the first such file. */
import { failureFrom, type Result } from '../../shared/protocol/failure';
import type { TextEncoding } from '../../shared/domain/text-encoding';
import type { PendingFile } from './pending-file.svelte';
import { readFileText, readTextIn, type FileText } from './read-file-text';

/** @param encoding that a person says it is in; found when absent. Never rejects: a failure stands in the file. */
export async function readPending(pending: PendingFile, encoding: TextEncoding | undefined): Promise<void> {
  pending.failure = null;
  pending.state = 'reading';
  const { file, name, encodings, removal } = pending;
  const found: Result<FileText> = await (
    encoding === undefined ? readFileText(file, name, removal.signal) : readTextIn(encoding, file, name, encodings)
  ).catch((error: unknown) => ({ ok: false, failure: failureFrom(error, 'attachment-unreadable') }));
  if (found.ok) take(pending, found.value);
  else {
    pending.failure = found.failure;
    pending.state = 'failed';
  }
}

function take(pending: PendingFile, found: FileText): void {
  // What an earlier reading stored with the draft is another text.
  pending.kept = false;
  if (found.kind === 'picture') {
    const { file, width, height, isFirstOfMany } = found.picture;
    pending.isFirstOfMany = isFirstOfMany;
    pending.show(file, { width, height });
    return;
  }
  pending.encodings = found.choices;
  if (found.kind === 'encoding-wanted') {
    pending.state = 'encoding-wanted';
    return;
  }
  pending.encoding = found.choices.length > 0 ? found.encoding : null;
  pending.damaged = found.damaged;
  pending.read(found.text);
}

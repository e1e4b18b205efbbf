/** Ways in which files come to a question: picked, dropped, pasted. What is done with them comes with the first of them. */
import { loadPart } from '../../ui/load-part';
import type { ChatHost } from '../chat-host';

/** A pasted text longer than this, in characters, is no longer a sentence of one's own. */
const longPaste = 2000;

const takeFiles = () => loadPart(() => import('./take-files'));

export function giveFiles(host: ChatHost, files: readonly File[]): void {
  if (files.length > 0) host.attempt(async () => (await takeFiles()).takeFiles(host, files));
}

export function takePaste(host: ChatHost, event: ClipboardEvent): void {
  const { clipboardData, target } = event;
  if (!clipboardData) return;
  const files = [...clipboardData.files];
  const text = clipboardData.getData('text/plain');
  // Office programs put a picture of the text beside it; then the text is meant.
  if (text === '') {
    if (files.length > 0) event.preventDefault();
    giveFiles(host, files);
  } else if (text.length > longPaste) {
    event.preventDefault();
    host.attempt(async () =>
      (await takeFiles()).takeLongText(host, text, target instanceof HTMLTextAreaElement ? target : null),
    );
  }
}

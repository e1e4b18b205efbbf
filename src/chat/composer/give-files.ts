/** Ways in which files come to a question: picked, dropped, pasted; a long pasted text becomes one. */
import { formatCount } from '../../text/formatting';
import { m } from '../../text/paraglide/messages.js';
import type { ChatHost } from '../chat-host';
import { mostFiles } from '../files/pending-files.svelte';

/** A pasted text longer than this, in characters, is no longer a sentence of one's own. */
const longPaste = 2000;

/** What a browser has recorded is called a video, also without pictures; some endings no system has a type for. */
const isSound = ({ name, type }: File): boolean =>
  /^audio|webm$/.test(type) || (type === '' && /\.(?:aac|flac|m4a|mp3|og[ag]|opus|wav|weba)$/i.test(name));

export function giveFiles({ session, notify, attempt, dictation }: ChatHost, files: readonly File[]): void {
  const sounds = files.filter(isSound);
  if (sounds[0]) attempt(async () => (await dictation.open()).addFiles(session, sounds));
  if (session.files.add(files.filter((file) => !sounds.includes(file))) > 0)
    notify({ text: m.file_too_many({ count: formatCount(mostFiles) }) });
}

export function takePaste(host: ChatHost, event: ClipboardEvent): void {
  const { clipboardData } = event;
  if (!clipboardData) return;
  const files = [...clipboardData.files];
  const text = clipboardData.getData('text/plain');
  // Office programs put a picture of the text beside it; then the text is meant.
  if (files.length > 0 && text === '') {
    event.preventDefault();
    giveFiles(host, files);
    return;
  }
  if (text.length <= longPaste) return;
  event.preventDefault();
  pasteAsFile(host, text, event.target instanceof HTMLTextAreaElement ? event.target : null);
}

function pasteAsFile({ session, notify }: ChatHost, text: string, field: HTMLTextAreaElement | null): void {
  const pending = session.files.addText(text, m.file_pasted_name());
  notify({
    text: m.file_pasted(),
    action: {
      label: m.file_as_words(),
      run: () => {
        session.files.remove(pending.id);
        const at = field?.selectionEnd ?? session.draft.length;
        session.draft = session.draft.slice(0, at) + text + session.draft.slice(at);
      },
    },
  });
}

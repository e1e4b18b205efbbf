/** Files that were given to a question; a long pasted text becomes one. */
import { formatCount } from '../../text/formatting';
import { m } from '../../text/paraglide/messages.js';
import type { ChatHost } from '../chat-host';
import { mostFiles } from '../files/pending-files.svelte';

/** What a browser has recorded is called a video, also without pictures. */
const isSound = ({ type }: File): boolean => /^audio|webm$/.test(type);

export async function takeFiles({ session, notify, dictation }: ChatHost, files: readonly File[]): Promise<void> {
  const sounds = files.filter(isSound);
  if (session.files.add(files.filter((file) => !sounds.includes(file))) > 0)
    notify({ text: m.file_too_many({ count: formatCount(mostFiles) }) });
  if (sounds.length > 0) (await dictation.open()).addFiles(session, sounds);
}

/** @param field where it was pasted, and would stand as words */
export function takeLongText({ session, notify }: ChatHost, text: string, field: HTMLTextAreaElement | null): void {
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

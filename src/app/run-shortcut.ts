import { splitThinking } from '../shared/domain/thinking';
import { m } from '../text/paraglide/messages.js';
import type { App } from './app';
import type { Shortcut } from './shortcuts';

async function copyLast({ session, notices }: App): Promise<void> {
  const answers = session.path.flatMap(({ role, text }) =>
    role === 'assistant' ? splitThinking(text, false).answer : [],
  );
  // One that was stopped before its first word would take away what the clipboard holds.
  const last = answers.findLast((answer) => answer.trim() !== '');
  if (last === undefined) return;
  const copied = await navigator.clipboard.writeText(last).then(
    () => true,
    () => false,
  );
  notices.show({ text: copied ? m.keys_copied() : m.copy_refused() });
}

/** Does in the chat what a shortcut asks for. What has a button there is done by it, so that both are always the same. */
export async function runInChat(
  shortcut: Exclude<Shortcut, 'help' | 'new-chat' | 'search'>,
  app: App,
  composer: HTMLTextAreaElement | undefined,
): Promise<void> {
  switch (shortcut) {
    case 'compose':
      return composer?.focus();
    case 'stop':
      return app.session.stop();
    case 'copy-last':
      return copyLast(app);
    case 'edit-last':
      return [...document.querySelectorAll<HTMLButtonElement>('[data-edit-question]')].at(-1)?.click();
    case 'model':
      return document.querySelector<HTMLButtonElement>('[data-choose-model] button')?.click();
  }
}

import { m } from '../../text/paraglide/messages.js';

/** Handles a click on the copy button of a code block; other clicks mean nothing to it. */
export async function copyCode(target: Element): Promise<void> {
  const button = target.closest<HTMLButtonElement>('button[data-copy-code]');
  const code = button?.closest('.code-block')?.querySelector('pre');
  if (!button || !code) return;
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = m.copied();
  } catch {
    button.textContent = m.copy_refused();
  }
  setTimeout(() => (button.textContent = m.copy_code()), 2500);
}

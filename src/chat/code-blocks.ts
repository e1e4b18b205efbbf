import { m } from '../text/paraglide/messages.js';

/** Gives sanitised code and tables what a model may not bring itself: a copy button, and a way to scroll by keyboard. */
export function equip(fragment: DocumentFragment): DocumentFragment {
  for (const pre of fragment.querySelectorAll('pre')) {
    const code = pre.querySelector('code');
    const figure = document.createElement('div');
    figure.className = 'code-block';
    const head = document.createElement('div');
    head.className = 'code-head';
    const language = document.createElement('span');
    language.textContent = /language-(\S+)/.exec(code?.className ?? '')?.[1] ?? '';
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'quiet';
    button.textContent = m.copy_code();
    button.dataset['copyCode'] = '';
    head.append(language, button);
    pre.replaceWith(figure);
    pre.tabIndex = 0;
    figure.append(head, pre);
  }
  for (const table of fragment.querySelectorAll('table')) {
    const frame = document.createElement('div');
    frame.className = 'table-frame';
    frame.tabIndex = 0;
    table.replaceWith(frame);
    frame.append(table);
  }
  return fragment;
}

/** Handles a click on one of those copy buttons. */
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

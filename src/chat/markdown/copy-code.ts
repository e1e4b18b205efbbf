import { m } from '../../text/paraglide/messages.js';

/** All of a block of code: while it is written, a long one stands in several pieces, each cut behind a line. */
function codeOf(head: Element): string {
  const pieces = [head.querySelector('pre')];
  const blocks = [...(head.closest('.markdown')?.querySelectorAll('.block') ?? [])];
  const first = blocks.findIndex((block) => block === head.parentElement);
  for (const block of first === -1 ? [] : blocks.slice(first + 1)) {
    if (!block.classList.contains('joined')) break;
    pieces.push(block.querySelector(':scope > .code-block > pre'));
  }
  return pieces.flatMap((piece) => (piece === null ? [] : [piece.textContent])).join('\n');
}

/** Code that can be drawn: HTML or SVG as it is, a diagram by Mermaid. */
export interface DrawableCode {
  readonly kind: 'document' | 'diagram';
  readonly source: string;
}

/** What is to be drawn, where a click was on the button for that; null for other clicks. */
export function codeToPreview(target: Element): DrawableCode | null {
  const button = target.closest<HTMLButtonElement>('button[data-preview-code]');
  const block = button?.closest('.code-block');
  if (!button || !block) return null;
  return { kind: button.dataset['previewCode'] === 'diagram' ? 'diagram' : 'document', source: codeOf(block) };
}

/** Handles a click on the copy button of a code block; other clicks mean nothing to it. */
export async function copyCode(target: Element): Promise<void> {
  const button = target.closest<HTMLButtonElement>('button[data-copy-code]');
  const block = button?.closest('.code-block');
  const code = block ? codeOf(block) : '';
  // An empty text would take away what the clipboard holds.
  if (!button || code === '') return;
  try {
    await navigator.clipboard.writeText(code);
    button.textContent = m.copied();
  } catch {
    button.textContent = m.copy_refused();
  }
  setTimeout(() => (button.textContent = m.copy_code()), 2500);
}

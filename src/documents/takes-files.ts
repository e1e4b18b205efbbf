import type { Attachment } from 'svelte/attachments';

const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') ?? false;

/**
 * Lets files be dropped on an element. The innermost one takes them.
 * @param over told when files are held over it, and when they no longer are
 */
export const takesFiles =
  (take: (files: readonly File[]) => void, over: (isOver: boolean) => void): Attachment<HTMLElement> =>
  (element) => {
    const ending = new AbortController();
    const { signal } = ending;
    element.addEventListener(
      'dragover',
      (event) => {
        if (!hasFiles(event)) return;
        // Without it, the browser would open the file in the place of the page.
        event.preventDefault();
        event.stopPropagation();
        over(true);
      },
      { signal },
    );
    element.addEventListener(
      'dragleave',
      (event) => {
        if (!(event.relatedTarget instanceof Node) || !element.contains(event.relatedTarget)) over(false);
      },
      { signal },
    );
    element.addEventListener(
      'drop',
      (event) => {
        over(false);
        if (!hasFiles(event)) return;
        event.preventDefault();
        event.stopPropagation();
        take([...(event.dataTransfer?.files ?? [])]);
      },
      { signal },
    );
    return () => ending.abort();
  };

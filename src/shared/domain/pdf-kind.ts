/** Whether a file is a PDF, by its first kilobyte: some programs put a few bytes before the mark. */
export const isPdf = (head: AllowSharedBufferSource): boolean =>
  new TextDecoder('latin1').decode(head).includes('%PDF-');

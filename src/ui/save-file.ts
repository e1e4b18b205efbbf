/** Lets the browser save a Blob as a file. */
export function saveFile(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Safari reads the Blob only some time after the click.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** "sotto-chats-2026-03-01.jsonl": sorts by date in any folder. */
export const datedName = (subject: string, extension: string, now = new Date()): string =>
  `sotto-${subject}-${now.toISOString().slice(0, 10)}.${extension}`;

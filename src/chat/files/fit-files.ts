/** How much of each file goes into a prompt that has not room for all of them. Pure. */

export interface SizedFile {
  readonly tokens: number;
  readonly characters: number;
}

/**
 * Small files stay whole; what is left is shared evenly among the large ones.
 * @param room tokens for all files together
 * @returns characters to use of each
 */
export function fitFiles(files: readonly SizedFile[], room: number): readonly number[] {
  const used = files.map(() => 0);
  let left = Math.max(0, room);
  const bySize = files.map((file, index) => ({ ...file, index })).sort((a, b) => a.tokens - b.tokens);
  for (const [position, { tokens, characters, index }] of bySize.entries()) {
    const share = left / (bySize.length - position);
    const taken = Math.min(tokens, share);
    used[index] = tokens <= share ? characters : Math.floor((characters * taken) / tokens);
    left -= taken;
  }
  return used;
}

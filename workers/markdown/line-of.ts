import type { StateBlock } from 'markdown-it';

/** A line of a block, without what it is indented by. */
export const lineOf = (state: StateBlock, line: number): string =>
  state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line]);

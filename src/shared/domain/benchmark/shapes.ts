/** The tests of the suite, each named as llama-bench names it. */

export interface TestShape {
  /** `pp`: reading a prompt. `tg`: writing tokens, one at a time. */
  readonly kind: 'pp' | 'tg';
  /** Tokens of the prompt (`pp`) or tokens whose intervals are timed (`tg`): one more is generated, to end the last interval. */
  readonly tokens: number;
  /** Tokens in the KV cache before the first one. 0 stands for a prompt of at most 16. */
  readonly depth: number;
}

/** "pp512", "tg128", "tg128 @ d1024" */
export const testName = ({ kind, tokens, depth }: TestShape): string =>
  `${kind}${tokens}${depth > 0 ? ` @ d${depth}` : ''}`;

/** Context that a test takes, in tokens. */
export const contextNeeded = ({ tokens, depth }: TestShape): number => tokens + depth + 17;

/** Reads a name of ours or of llama-bench ("pp 512", "tg128@d1024"); null for anything else, "pp512+tg128" included. */
export function shapeOf(name: string): TestShape | null {
  const parts = /^(pp|tg)\s?(\d{1,7})(?:\s?@\s?d(\d{1,7}))?$/.exec(name.trim());
  if (!parts) return null;
  return { kind: parts[1] === 'pp' ? 'pp' : 'tg', tokens: Number(parts[2]), depth: Number(parts[3] ?? 0) };
}

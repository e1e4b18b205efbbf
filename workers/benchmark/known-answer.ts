/** Asks a question whose answer is known. A device that computes nonsense must not be praised for its speed. */
import type { BenchmarkEvent, KnownAnswer } from '../../src/shared/protocol/benchmark';
import type { Engine } from '../engine/engine';
import { orStopped } from './stop';

/** Leading tokens that must be as expected. */
const mustMatch = 8;
/** A device that only repeats itself says the same token so often in a row. */
const loopLength = 16;

type Answer = Extract<BenchmarkEvent, { type: 'answer' }>;

/** @throws Stopped; FailureError when the engine fails */
export async function askKnownAnswer(engine: Engine, known: KnownAnswer, signal: AbortSignal): Promise<Answer> {
  const tokens: string[] = [];
  await orStopped(
    engine.generate(
      {
        jobId: 'known-answer',
        turns: known.turns,
        sampling: { temperature: 0, maxTokens: known.maxTokens },
        thinking: 'off',
        reuseCache: false,
      },
      { token: (text) => tokens.push(text), prefillProgress: () => undefined },
      signal,
    ),
    signal,
  );
  return judge(known, tokens);
}

/** Exported for its tests. */
export function judge(known: KnownAnswer, tokens: readonly string[]): Answer {
  const text = tokens.join('');
  const sensible = text.trim() !== '' && !loops(tokens);
  if (known.begins !== undefined) {
    const { begins } = known;
    let length = 0;
    const matched = tokens.findIndex((token) => !begins.startsWith(token, (length += token.length) - token.length));
    const count = matched === -1 ? tokens.length : matched;
    // An answer may be shorter than that as a whole.
    const right = sensible && (count >= mustMatch || text.startsWith(begins));
    return { type: 'answer', id: known.id, text, matched: count, of: tokens.length, right };
  }
  const right = sensible && (known.contains === undefined || new RegExp(known.contains, 'i').test(text));
  return { type: 'answer', id: known.id, text, matched: right ? tokens.length : 0, of: tokens.length, right };
}

function loops(tokens: readonly string[]): boolean {
  let row = 1;
  return tokens.some((token, index) => {
    row = index > 0 && token === tokens[index - 1] && token !== '' ? row + 1 : 1;
    return row >= loopLength;
  });
}

/** A turn as in the chat, through everything that a chat goes through, with its answer drawn and not drawn: what drawing costs. */
import type { ResultChat } from '../statistics/result';
import {
  decodeRate,
  readingShare,
  timeToFirstToken,
  tokenCount,
  type TokenTimes,
} from '../../shared/domain/benchmark/token-times';
import { median } from '../../shared/domain/benchmark/statistics';
import type { EngineClient } from '../../engine/engine-client';
import { chatPrompt, chatTokens } from './chat-prompt';

/** Four of each, drawn and not drawn, so that what drifts weighs on both. */
const order = [true, false, false, true, true, false, false, true];
/** A model that ends its answer sooner says nothing about a rate. */
const fewestTokens = 16;

export const chatJobId = 'benchmark-chat';

interface Turn {
  readonly arrivals: TokenTimes;
  readonly engineRate: number | null;
}

/**
 * @param draw shows the answer so far, as the chat does; an empty text ends it
 * @returns null where the model says too little, or it was stopped
 */
export async function chatTest(
  client: EngineClient,
  draw: (text: string) => void,
  isStopped: () => boolean,
): Promise<ResultChat | null> {
  const drawn: Turn[] = [];
  const undrawn: Turn[] = [];
  await turn(client, draw);
  for (const shown of order) {
    if (isStopped()) return null;
    const measured = await turn(client, shown ? draw : (): void => undefined);
    draw('');
    if (!measured || tokenCount(measured.arrivals) < fewestTokens) return null;
    (shown ? drawn : undrawn).push(measured);
  }
  const rate = (turns: readonly Turn[]): number | null => middle(turns.map(({ arrivals }) => decodeRate(arrivals)));
  const [seen, unseen] = [rate(drawn), rate(undrawn)];
  return {
    n: Math.min(...[...drawn, ...undrawn].map(({ arrivals }) => tokenCount(arrivals))),
    ttft_user_ms: middle(drawn.map(({ arrivals }) => timeToFirstToken(arrivals))),
    tg_user: seen,
    tg_undrawn: unseen,
    tg_engine: middle([...drawn, ...undrawn].map(({ engineRate }) => engineRate)),
    ui_tax: seen !== null && unseen !== null ? 1 - seen / unseen : null,
    slo_ok: middle(drawn.map(({ arrivals }) => readingShare(arrivals))),
  };
}

async function turn(client: EngineClient, draw: (text: string) => void): Promise<Turn | null> {
  const stamps: number[] = [];
  const chunkTokens: number[] = [];
  let before = 0;
  let text = '';
  const requestedAt = performance.now();
  const outcome = await client.generate(
    {
      jobId: chatJobId,
      turns: [{ role: 'user', content: chatPrompt }],
      sampling: { temperature: 0, maxTokens: chatTokens },
      thinking: 'off',
      reuseCache: false,
    },
    (event) => {
      if (event.type !== 'text') return;
      stamps.push(performance.now());
      chunkTokens.push(event.tokens - before);
      before = event.tokens;
      text += event.text;
      draw(text);
    },
  );
  if (!outcome.ok || outcome.value.finishReason === 'cancelled') return null;
  const { completionTokens, decodeMs } = outcome.value.figures;
  return {
    arrivals: { requestedAt, stamps, chunkTokens },
    engineRate: completionTokens > 1 && decodeMs > 0 ? (1000 * (completionTokens - 1)) / decodeMs : null,
  };
}

function middle(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? median(known) : null;
}

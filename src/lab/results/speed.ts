/** How fast a contender answers, and how much it writes. */
import { mean, median, quantile } from '../../shared/domain/benchmark/statistics';
import type { LabAnswer } from '../../shared/domain/lab/run';
import { medianInterval, type OrderInterval } from '../statistics/order-interval';

/** In ms. */
export interface Times {
  readonly median: number;
  /** 95 % interval of the median over cases; of a case with several answers, their median counts. Null for fewer than six cases. */
  readonly interval: OrderInterval | null;
  /** Null for fewer than 20 answers: of those it would be the slowest one under another name. */
  readonly p95: number | null;
  readonly mean: number;
  readonly answers: number;
}

/** Tokens, as means over answers. */
export interface TokensPerAnswer {
  readonly prompt: number;
  /** Without the thought. */
  readonly answer: number;
  /** Estimated, see `LabAnswer.thoughtTokens`. */
  readonly thought: number;
}

export interface Speed {
  /** From the question to the first token. Null where no answer has one. */
  readonly firstToken: Times | null;
  /** From the question to the end. An answer that was cut off at its limit counts with the time until then. */
  readonly whole: Times | null;
  /** Decode: see `decodeRate`. */
  readonly tokensPerSecond: number | null;
  readonly tokens: TokensPerAnswer | null;
}

const fewestForP95 = 20;

/** Whose times tell how fast the contender is. What failed for other reasons took the time of its failure. */
const isTimed = ({ trouble }: LabAnswer): boolean => trouble === undefined || trouble.kind === 'too-long';

/** @param cases the answers to each case */
export function speedOf(cases: readonly (readonly LabAnswer[])[]): Speed {
  const timed = cases.map((answers) => answers.filter(isTimed));
  const answers = timed.flat();
  return {
    firstToken: timesOf(
      timed.map((group) => group.filter(({ completionTokens }) => completionTokens > 0)),
      ({ firstTokenMs }) => firstTokenMs,
    ),
    whole: timesOf(timed, ({ totalMs }) => totalMs),
    tokensPerSecond: decodeRate(answers),
    tokens: tokensOf(answers.filter(({ trouble }) => trouble === undefined)),
  };
}

function timesOf(cases: readonly (readonly LabAnswer[])[], time: (answer: LabAnswer) => number): Times | null {
  const values = cases.flat().map(time);
  if (values.length === 0) return null;
  const byCase = cases.filter((answers) => answers.length > 0).map((answers) => median(answers.map(time)));
  return {
    median: median(values),
    interval: medianInterval(byCase),
    p95: values.length >= fewestForP95 ? quantile(values, 0.95) : null,
    mean: mean(values),
    answers: values.length,
  };
}

/**
 * Tokens per second of decode: all intervals between tokens, Σ(completionTokens − 1), by all the time between first and last token,
 * Σ decodeMs. So each token weighs the same: in a mean of the answers' own rates, an answer of two tokens would weigh as much as one
 * of five hundred.
 * @returns null where no answer has two tokens, or the clock did not move
 */
function decodeRate(answers: readonly LabAnswer[]): number | null {
  const decoded = answers.filter(({ completionTokens, decodeMs }) => completionTokens > 1 && decodeMs > 0);
  const intervals = decoded.reduce((sum, { completionTokens }) => sum + completionTokens - 1, 0);
  const ms = decoded.reduce((sum, { decodeMs }) => sum + decodeMs, 0);
  return ms > 0 ? (1000 * intervals) / ms : null;
}

function tokensOf(answers: readonly LabAnswer[]): TokensPerAnswer | null {
  if (answers.length === 0) return null;
  return {
    prompt: mean(answers.map(({ promptTokens }) => promptTokens)),
    answer: mean(answers.map(({ completionTokens, thoughtTokens }) => Math.max(0, completionTokens - thoughtTokens))),
    thought: mean(answers.map(({ thoughtTokens }) => thoughtTokens)),
  };
}

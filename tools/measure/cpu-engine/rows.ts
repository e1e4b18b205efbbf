/** From what was measured to the rows of the table, beside the targets of the design. */
import { bandwidthFor, bytesPerToken } from '../../../src/shared/domain/benchmark/ceiling';
import { median, rounded, roundedAll, type Row } from '../row';
import type { Case, Job } from './cases';
import { type Contender, titles } from './contender';
import type { Outcome, Rates } from './in-turn';

const targets = {
  prefill: { native: 0.35, wllama: 8, wllamaFixed: 4 },
  decode: { native: 0.8, wllama: 2, bandwidth: 0.6 },
} as const;

const nameOf = ({ model, quantisation, threads }: Case): string =>
  `${model === 'Guide' ? 'the Guide' : `${model} ${quantisation}`}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;

/** Says so where it has fewer threads than were asked for. */
const titleOf = (one: Case, { name, threads }: Contender): string =>
  threads === one.threads ? titles[name] : `${titles[name]}, which has ${threads} here`;

const jobName = ({ kind, tokens, depth }: Job): string =>
  kind === 'prefill' ? `prefill of ${tokens}` : `decode at depth ${depth}`;

const isOurs = ({ contender }: Outcome): boolean => contender.name !== 'native' && contender.name !== 'wllama';

/** All rows of a case: one for each of our engines and jobs, then load, memory and the limit. */
export function rowsOf(one: Case, outcomes: readonly Outcome[]): readonly Row[] {
  const ours = outcomes.filter(isOurs);
  const speeds = ours.flatMap((own) => [...own.rates].map(([job, rates]) => speedRow(one, outcomes, own, job, rates)));
  return [...speeds, ...outcomes.flatMap((outcome) => limitRow(one, outcome)), ...loadRows(one, outcomes)];
}

interface Comparison {
  readonly factor: number;
  readonly least: number | null;
  readonly text: string;
  readonly target: string;
}

function speedRow(one: Case, outcomes: readonly Outcome[], own: Outcome, job: Job, rates: Rates): Row {
  const { name } = own.contender;
  const isMain = name === 'sotto' && one.hasTargets;
  const isFixed = name === 'sotto-fixed' && one.hasTargets;
  const comparisons: Comparison[] = [];
  const native = ratesOf(outcomes, 'native', job);
  if (native) {
    const least = isMain ? targets[job.kind].native : null;
    const factor = ratioOf(rates, native.rates);
    comparisons.push({ factor, least, text: `${rounded(factor, 2)} of native`, target: `≥ ${least} of native` });
  }
  const wllama = ratesOf(outcomes, 'wllama', job);
  if (wllama) {
    const fixedLeast = isFixed && job.kind === 'prefill' ? targets.prefill.wllamaFixed : null;
    const least = isMain ? targets[job.kind].wllama : fixedLeast;
    const factor = ratioOf(rates, wllama.rates);
    comparisons.push({ factor, least, text: `${rounded(factor, 2)} × wllama`, target: `≥ ${least} × wllama` });
  }
  const wanted = comparisons.filter(({ least }) => least !== null);
  return {
    quantity: `CPU ${jobName(job)}: ${nameOf(one)}, ${titleOf(one, own.contender)}`,
    target: wanted.length > 0 ? wanted.map(({ target }) => target).join(', ') : 'reported',
    measured: [`${rounded(median(rates))} tok/s`, ...comparisons.map(({ text }) => text)].join(', '),
    met: wanted.every(({ factor, least }) => factor >= (least ?? 0)),
    samples: roundedAll(rates),
    conditions:
      `made-up weights but for the Guide; in turn in one run with all that it is compared with, ${job.rounds} rounds after a warm-up, median of the rounds' ratios` +
      (job.kind === 'decode' ? `; ${job.tokens} tokens, greedy` : '') +
      (wllama && wllama.job !== job ? `; wllama reads ${wllama.job.tokens} tokens, median against median` : ''),
    details: {
      version: own.contender.version,
      loadBefore: rounded(own.loadBefore, 2),
      ...(native && { nativeTokensPerSecond: roundedAll(native.rates) }),
      ...(wllama && { wllamaTokensPerSecond: roundedAll(wllama.rates) }),
    },
  };
}

/** The same job, or, for a prompt that is too long for wllama, its longest. */
function ratesOf(
  outcomes: readonly Outcome[],
  name: 'native' | 'wllama',
  job: Job,
): { readonly job: Job; readonly rates: Rates } | undefined {
  const outcome = outcomes.find(({ contender }) => contender.name === name);
  const same = outcome?.rates.get(job);
  if (same) return { job, rates: same };
  if (name === 'native' || job.kind === 'decode') return undefined;
  const [longest] = [...(outcome?.rates ?? [])]
    .filter(([other]) => other.kind === 'prefill')
    .sort(([a], [b]) => b.tokens - a.tokens);
  return longest && { job: longest[0], rates: longest[1] };
}

/** Round by round where there are as many: what slowed both down cancels out. */
function ratioOf(own: Rates, other: Rates): number {
  if (own.length !== other.length) return median(own) / median(other);
  return median(own.map((rate, round) => rate / (other[round] ?? Number.NaN)));
}

/** Decode against what memory can deliver. */
function limitRow(one: Case, { contender, rates, ceiling }: Outcome): readonly Row[] {
  const readings = ceiling?.cpu.find(({ threads }) => threads === one.threads)?.readings;
  const decode = [...rates].find(([job]) => job.kind === 'decode' && job.depth === 0)?.[1];
  if (!readings || !decode || !contender.accounting) return [];
  const bytes = bytesPerToken(contender.accounting, 0);
  const bandwidth = bandwidthFor(readings, bytes);
  if (bandwidth === null) return [];
  const shares = decode.map((rate) => (rate * bytes) / 1e9 / bandwidth);
  const { bandwidth: least } = targets.decode;
  return [
    {
      quantity: `CPU decode against the memory: ${nameOf(one)}, ${titles[contender.name]}`,
      target: one.model === 'Guide' ? 'reported' : `≥ ${least}`,
      measured: `${rounded(median(shares), 2)} of ${rounded(bandwidth)} GB/s`,
      met: one.model === 'Guide' || median(shares) >= least,
      samples: roundedAll(shares),
      conditions: `bytes of the file that a token needs × tokens per second, against reading memory with as many threads (the limit of the benchmark), measured right after`,
      details: { bytesPerToken: bytes },
    },
  ];
}

function loadRows(one: Case, outcomes: readonly Outcome[]): readonly Row[] {
  return outcomes.map(({ contender }) => loadRow(one, contender));
}

function loadRow(one: Case, contender: Contender): Row {
  const { loadMs, memoryBytes, accounting, version } = contender;
  const memory = memoryBytes === null ? 'memory unknown' : `memory ${Math.round(memoryBytes / 1e6)} MB`;
  return {
    quantity: `CPU load: ${nameOf(one)}, ${titleOf(one, contender)}`,
    target: 'reported',
    measured: `${(loadMs / 1000).toFixed(2)} s, ${memory}`,
    met: true,
    samples: [rounded(loadMs)],
    conditions:
      'from a Blob, whose bytes the system may still have in memory (native: from the file); memory is what the process has grown by, resident, the KV cache only as far as it was touched',
    details: { version, ...(accounting && { weightsBytes: accounting.totalBytes }) },
  };
}

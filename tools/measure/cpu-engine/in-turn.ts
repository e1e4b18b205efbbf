/** Asks all contenders of a case in turn: a slow minute of the machine falls on all of them. */
import type { CeilingReadings } from '../../../src/shared/domain/benchmark/ceiling';
import type { Case, Job } from './cases';
import type { Contender } from './contender';

/** Tokens per second, one for each round. */
export type Rates = readonly number[];

export interface Outcome {
  readonly contender: Contender;
  readonly rates: ReadonlyMap<Job, Rates>;
  readonly ceiling: CeilingReadings | null;
  /** Processes that wanted to run, in the mean of the minute before; the case before this one is among them. */
  readonly loadBefore: number;
}

const warmUp = { prefill: 8, decode: 2 } as const;

const isAsked = (job: Job, { name }: Contender): boolean => job.only === undefined || job.only.includes(name);

const ask = (contender: Contender, { kind, tokens, depth }: Omit<Job, 'rounds'>): Promise<number> =>
  kind === 'prefill' ? contender.prefill(tokens) : contender.decode(tokens, depth);

/** @param loadBefore of the machine, before anything was opened */
export async function measureInTurn(
  { jobs }: Case,
  contenders: readonly Contender[],
  loadBefore: number,
): Promise<readonly Outcome[]> {
  const rates = new Map(contenders.map((contender) => [contender, new Map<Job, number[]>()]));
  for (const contender of contenders) {
    await ask(contender, { kind: 'prefill', tokens: warmUp.prefill, depth: 0 });
    await ask(contender, { kind: 'decode', tokens: warmUp.decode, depth: 0 });
  }
  for (const job of jobs) {
    for (let round = 0; round < job.rounds; round += 1) {
      // The other way round each time: whoever comes second may find the machine warmer.
      for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
        if (!isAsked(job, contender)) continue;
        const own = rates.get(contender);
        own?.set(job, [...(own.get(job) ?? []), await ask(contender, job)]);
      }
    }
  }
  const outcomes: Outcome[] = [];
  for (const contender of contenders) {
    const ceiling = contender.name === 'sotto' ? await contender.ceiling() : null;
    outcomes.push({ contender, rates: rates.get(contender) ?? new Map<Job, Rates>(), ceiling, loadBefore });
  }
  return outcomes;
}

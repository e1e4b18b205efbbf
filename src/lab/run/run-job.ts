/** One run: contender by contender, so that each model is loaded once, and every answer is stored before the next is asked for. */
import type { CaseSet, LabCase } from '../../shared/domain/lab/case-set';
import { judgedKinds, type Check } from '../../shared/domain/lab/check';
import type { Contender, ContenderFacts, ContenderId, LabAnswer, LabRun } from '../../shared/domain/lab/run';
import type { LoadedModel } from '../../shared/protocol/engine';
import { FailureError, failureFrom, type Failure } from '../../shared/protocol/failure';
import type { ModelDescriptor } from '../../shared/domain/model';
import { combinedOutcome } from '../checks/combined-outcome';
import { askCase, lastTurnOf, turnsOfCase, unasked, type RawAnswer } from './ask-case';
import { judgeAnswers } from './judge-answers';
import type { LabParts } from './lab-parts';
import { RunClock } from './run-clock';

export interface RunProgress {
  /** Of all contenders. */
  readonly done: number;
  readonly total: number;
  readonly contender: Contender | null;
  readonly phase: 'loading' | 'asking' | 'judging';
  /** In ms; null until two answers of the contender have come. */
  readonly leftMs: number | null;
}

export interface RunListener {
  progress(progress: RunProgress): void;
  answered(answer: LabAnswer): void;
  /** The run record has changed. */
  changed(run: LabRun): void;
}

export const answerId = (runId: string, contenderId: ContenderId, caseId: string, sample: number): string =>
  `${runId}:${contenderId}:${caseId}:${sample}`;

/** An engine that has died may answer at the next try; a case that has ended it twice would end it again. */
const triesOfCase = 2;

type Todo = readonly { readonly case: LabCase; readonly sample: number }[];

export class RunJob {
  #run: LabRun;
  #ends: 'paused' | 'stopped' | null = null;
  /** What the engine is doing now, by the name under which it can be cancelled. */
  #jobId: string | null = null;
  readonly #answers: Map<string, LabAnswer>;
  readonly #clock: RunClock;

  /** @param answers those that an earlier part of the run has got */
  constructor(
    private readonly parts: LabParts,
    run: LabRun,
    private readonly set: CaseSet,
    answers: readonly LabAnswer[],
    private readonly listener: RunListener,
  ) {
    this.#run = run;
    this.#answers = new Map(answers.map((answer) => [answer.id, answer]));
    this.#clock = new RunClock(run.contenders.length * set.cases.length * run.settings.samples);
  }

  /** Goes on later at the case where it stopped. */
  pause(): void {
    this.#end('paused');
  }

  /** What has been answered stays. */
  stop(): void {
    this.#end('stopped');
  }

  /**
   * Only inside `inTurn`. Resolves when all is answered, or when it was paused or stopped.
   * @throws FailureError when nothing can be stored any more; the run is paused then, and what was stored is there
   */
  async run(): Promise<void> {
    try {
      for (const contender of this.#run.contenders) {
        const todo = this.#todoOf(contender);
        if (todo.length > 0) await this.#askAll(contender, todo);
        if (this.#ends) break;
      }
      if (!this.#ends) await this.#judge();
      await this.#note({ state: this.#ends ?? 'finished' });
    } catch (error) {
      const failure = failureFrom(error);
      // What cannot be stored now may not be storable either; then the run is found as interrupted.
      await this.#note({ state: 'paused', stoppedBy: failure.kind }).catch(() => {});
      throw new FailureError(failure);
    }
  }

  #end(how: 'paused' | 'stopped'): void {
    this.#ends ??= how;
    if (this.#jobId !== null) void this.parts.model.client.cancel(this.#jobId);
    this.parts.model.cancelLoad();
  }

  #todoOf({ id }: Contender): Todo {
    const { samples } = this.#run.settings;
    return this.set.cases
      .flatMap((labCase) => Array.from({ length: samples }, (_, sample) => ({ case: labCase, sample })))
      .filter((todo) => !this.#answers.has(answerId(this.#run.id, id, todo.case.id, todo.sample)));
  }

  async #askAll(contender: Contender, todo: Todo): Promise<void> {
    const model = this.parts.modelOf(contender.modelId);
    if (model === null) return this.#lose(contender, { kind: 'weights-incomplete', technical: 'the model is gone' });
    this.#clock.contenderBegins();
    let loaded = await this.#load(contender, model);
    for (const next of todo) {
      for (let tries = 1; loaded !== null && !this.#ends; tries += 1) {
        const answered = await this.#ask(contender, model, loaded, next);
        // Paused in the middle of an answer: it is asked for again.
        if (this.#ends || answered === 'kept') break;
        loaded = await this.#load(contender, model);
        if (tries === triesOfCase && loaded !== null) {
          await this.#keep(contender, next, unasked('engine-failed', answered.technical));
          break;
        }
      }
      if (loaded === null || this.#ends) return;
    }
  }

  async #load(contender: Contender, model: ModelDescriptor): Promise<LoadedModel | null> {
    if (this.#ends) return null;
    this.#tell('loading', contender);
    const { contextTokens } = model;
    const result = await this.parts.model.loadAs(model, { ...(contextTokens !== undefined && { contextTokens }) });
    if (this.#ends) return null;
    if (!result.ok) {
      await this.#lose(contender, result.failure);
      return null;
    }
    const { engine, engineVersion, backend, threads, contextTokens: window, loadMilliseconds } = result.value;
    const facts: ContenderFacts = {
      contenderId: contender.id,
      engine,
      engineVersion,
      backend,
      threads,
      contextTokens: window,
      loadMs: loadMilliseconds,
      ...this.parts.weightsFactsOf(model),
    };
    await this.#note({ facts: [...this.#run.facts.filter(({ contenderId }) => contenderId !== contender.id), facts] });
    return result.value;
  }

  /** The contender can't go on; the others can. */
  #lose(contender: Contender, { kind, technical }: Failure): Promise<void> {
    const lost = { contenderId: contender.id, kind, technical };
    return this.#note({ lost: [...this.#run.lost.filter(({ contenderId }) => contenderId !== contender.id), lost] });
  }

  /** @returns why the engine has ended, where it did */
  async #ask(
    contender: Contender,
    model: ModelDescriptor,
    loaded: LoadedModel,
    next: Todo[number],
  ): Promise<'kept' | Failure> {
    this.#tell('asking', contender);
    const { turns, missing } = turnsOfCase(this.set, next.case);
    let raw: RawAnswer;
    if (missing.length > 0) {
      raw = unasked('variable-missing', missing.join(', '));
    } else {
      this.#jobId = answerId(this.#run.id, contender.id, next.case.id, next.sample);
      const { settings } = this.#run;
      const question = { jobId: this.#jobId, turns, settings, sample: next.sample, contender };
      const answered = await askCase(this.parts.model.client, model, loaded, question);
      this.#jobId = null;
      if (this.#ends) return 'kept';
      if ('died' in answered) return answered.died;
      raw = answered;
    }
    await this.#keep(contender, next, raw);
    return 'kept';
  }

  async #keep(contender: Contender, { case: labCase, sample }: Todo[number], raw: RawAnswer): Promise<void> {
    const checks = checksOf(this.set, labCase);
    const prompt = lastTurnOf(this.set, labCase);
    const { text, completionTokens, thoughtTokens, totalMs } = raw;
    const checked = { text, tokens: completionTokens - thoughtTokens, totalMs, prompt, variables: labCase.variables };
    const findings = raw.trouble ? [] : await this.parts.checks.check(checked, checks);
    const answer: LabAnswer = {
      ...raw,
      id: answerId(this.#run.id, contender.id, labCase.id, sample),
      runId: this.#run.id,
      contenderId: contender.id,
      caseId: labCase.id,
      sample,
      findings,
      outcome: raw.trouble ? 'fail' : combinedOutcome(findings),
      answeredAt: Date.now(),
    };
    await this.parts.repository.writeAnswer(answer);
    this.#answers.set(answer.id, answer);
    this.#clock.answerCame();
    this.listener.answered(answer);
  }

  async #judge(): Promise<void> {
    const { judge } = this.#run;
    const waiting = [...this.#answers.values()].filter(({ findings }) =>
      findings.some(({ reason }) => reason === 'not-judged'),
    );
    const model = judge && this.parts.modelOf(judge.modelId);
    if (judge === null || model === null || waiting.length === 0) return;
    this.#tell('judging', judge);
    const loaded = await this.#load(judge, model);
    if (loaded === null) return;
    const caseOf = new Map(this.set.cases.map((labCase) => [labCase.id, labCase]));
    const jobs = waiting.flatMap((answer) => {
      const labCase = caseOf.get(answer.caseId);
      return labCase ? [{ answer, checks: checksOf(this.set, labCase), set: this.set, case: labCase }] : [];
    });
    await judgeAnswers({ client: this.parts.model.client, model, loaded, judge }, jobs, {
      began: (jobId) => (this.#jobId = jobId),
      isEnded: () => this.#ends !== null,
      judged: async (answer) => {
        await this.parts.repository.writeAnswer(answer);
        this.#answers.set(answer.id, answer);
        this.listener.answered(answer);
      },
    });
    this.#jobId = null;
  }

  async #note(changes: Partial<LabRun>): Promise<void> {
    this.#run = { ...this.#run, ...changes, updatedAt: Date.now() };
    await this.parts.repository.writeRun(this.#run);
    this.listener.changed(this.#run);
  }

  #tell(phase: RunProgress['phase'], contender: Contender): void {
    const done = this.#answers.size;
    this.listener.progress({ done, total: this.#clock.total, contender, phase, leftMs: this.#clock.leftMs(done) });
  }
}

/** Those of the set, then those of the case: findings are in this order. */
export const checksOf = ({ checks }: Pick<CaseSet, 'checks'>, labCase: LabCase): readonly Check[] => [
  ...checks,
  ...labCase.checks,
];

/** Whether a set needs a model that judges. */
export const needsJudge = (set: CaseSet): boolean =>
  set.cases.some((labCase) => checksOf(set, labCase).some(({ kind }) => judgedKinds.has(kind)));

/** The Lab as the page sees it: sets, runs, the run in progress, and the one whose results are on the screen. */
import type { CaseSet, PromptTurn, SetId } from '../shared/domain/lab/case-set';
import type { BlindChoice, Contender, LabAnswer, LabRun, RunId } from '../shared/domain/lab/run';
import { without } from '../shared/domain/chosen-fields';
import { failureFrom, type Failure } from '../shared/protocol/failure';
import { exclusively } from '../shared/platform/exclusively';
import { heldLocks } from '../shared/platform/web-locks';
import { holdWakeLock } from '../device/wake-lock';
import type { WholeRun } from '../storage/stored-lab';
import { AnswersToShow } from './run/answers-to-show';
import type { LabParts } from './run/lab-parts';
import { RunJob, type RunProgress } from './run/run-job';
import { caseHash } from './set/set-hash';

/** One run at a time in all tabs: there is one engine. */
const runLock = 'sotto-lab-run';

export interface RunOrder {
  readonly set: CaseSet;
  readonly contenders: readonly Contender[];
  readonly judge: Contender | null;
}

/** A question of a chat with what was said before it, and the answer that it got there. */
export interface CarriedQuestion {
  readonly turns: readonly PromptTurn[];
  readonly answer: string;
}

export class Lab {
  #sets = $state.raw<readonly CaseSet[]>([]);
  #runs = $state.raw<readonly LabRun[]>([]);
  #shown = $state.raw<WholeRun | null>(null);
  #progress = $state.raw<RunProgress | null>(null);
  #runningId = $state<RunId | null>(null);
  #failure = $state.raw<Failure | null>(null);
  #opened = $state(false);
  /** A question that was taken out of a chat, until it is in a set or put away. */
  carried = $state.raw<CarriedQuestion | null>(null);
  #job: RunJob | null = null;
  #ended: Promise<unknown> = Promise.resolve();

  constructor(readonly parts: LabParts) {}

  /** Last changed first. */
  get sets(): readonly CaseSet[] {
    return this.#sets;
  }
  /** Newest first. */
  get runs(): readonly LabRun[] {
    return this.#runs;
  }
  /** The run whose results are on the screen. */
  get shown(): WholeRun | null {
    return this.#shown;
  }
  /** Of the run in progress in this tab; null while there is none. */
  get progress(): RunProgress | null {
    return this.#progress;
  }
  get runningId(): RunId | null {
    return this.#runningId;
  }
  /** Resolves when the run in progress has ended or was paused. */
  get ended(): Promise<unknown> {
    return this.#ended;
  }
  get failure(): Failure | null {
    return this.#failure;
  }
  /** False until what is stored has been read. */
  get opened(): boolean {
    return this.#opened;
  }

  /** Reads what is stored. A run that nobody runs any more, since its tab has been closed or has crashed, is paused. */
  open(): Promise<boolean> {
    return this.#attempt(async () => {
      const { repository } = this.parts;
      const [sets, runs, held] = await Promise.all([repository.sets(), repository.runs(), heldLocks()]);
      this.#sets = sets;
      this.#runs = runs.map((run) => this.#asItIs(run, held));
      this.#opened = true;
    });
  }

  saveSet(set: CaseSet): Promise<boolean> {
    return this.#attempt(async () => {
      const saved = { ...set, updatedAt: Date.now() };
      await this.parts.repository.writeSet(saved);
      this.#sets = [saved, ...this.#sets.filter(({ id }) => id !== set.id)];
    });
  }

  /** Its runs stay. @returns the way back; null when it could not be done */
  async removeSet(id: SetId): Promise<(() => Promise<void>) | null> {
    const gone = this.#sets.find((set) => set.id === id);
    if (!gone) return null;
    const done = await this.#attempt(async () => {
      await this.parts.repository.removeSet(id);
      this.#sets = this.#sets.filter((set) => set.id !== id);
    });
    return done ? (): Promise<void> => this.saveSet(gone).then(() => {}) : null;
  }

  /** Begins a run, and shows it. @returns its id as soon as it goes on; null when it could not begin */
  async start({ set, contenders, judge }: RunOrder): Promise<RunId | null> {
    const now = Date.now();
    const run: LabRun = {
      id: crypto.randomUUID(),
      setId: set.id,
      setName: set.name,
      setHash: await caseHash(set),
      settings: set.settings,
      contenders,
      facts: [],
      lost: [],
      judge,
      state: 'running',
      caseCount: set.cases.length,
      startedAt: now,
      updatedAt: now,
      app: this.parts.app,
    };
    const whole: WholeRun = { run, set, answers: [], choices: [] };
    return (await this.#begin(whole, () => this.parts.repository.writeWholeRun(whole))) ? run.id : null;
  }

  /** Goes on with a run at the case where it stopped. Contenders that were lost are tried again. */
  async resume(id: RunId): Promise<void> {
    await this.show(id);
    const whole = this.#shown;
    if (whole?.run.id !== id) return;
    const run: LabRun = { ...without(whole.run, 'stoppedBy'), state: 'running', lost: [] };
    await this.#begin({ ...whole, run }, () => this.parts.repository.writeRun(run));
  }

  pause(): void {
    this.#job?.pause();
  }

  stop(): void {
    this.#job?.stop();
  }

  show(id: RunId | null): Promise<void> {
    return this.#attempt(async () => {
      if (id !== null && this.#shown?.run.id === id) return;
      const [whole, held] = await Promise.all([id && this.parts.repository.wholeRun(id), heldLocks()]);
      this.#shown = whole ? { ...whole, run: this.#asItIs(whole.run, held) } : null;
    }).then(() => {});
  }

  /** @returns the way back; null when it could not be done */
  async removeRun(id: RunId): Promise<(() => Promise<void>) | null> {
    let gone: WholeRun | null = null;
    await this.#attempt(async () => {
      gone = await this.parts.repository.removeRun(id);
      this.#runs = this.#runs.filter((run) => run.id !== id);
      if (this.#shown?.run.id === id) this.#shown = null;
    });
    const whole = gone as WholeRun | null;
    return whole && ((): Promise<void> => this.keepRun(whole).then(() => {}));
  }

  /** Puts a whole run away: one that was deleted comes back, one of somebody else arrives. */
  keepRun(whole: WholeRun): Promise<boolean> {
    return this.#attempt(async () => {
      await this.parts.repository.writeWholeRun(whole);
      this.#know(whole.run);
    });
  }

  /** What the person says of an answer. */
  judgePersonally(answer: LabAnswer, personal: 'pass' | 'fail' | null): Promise<boolean> {
    const judged: LabAnswer = { ...without(answer, 'personal'), ...(personal && { personal }) };
    return this.#attempt(async () => {
      await this.parts.repository.writeAnswer(judged);
      this.#put([judged]);
    });
  }

  choose(choice: BlindChoice): Promise<boolean> {
    return this.#attempt(async () => {
      await this.parts.repository.writeChoice(choice);
      const shown = this.#shown;
      if (shown?.run.id !== choice.runId) return;
      this.#shown = { ...shown, choices: [...shown.choices.filter(({ id }) => id !== choice.id), choice] };
    });
  }

  undoChoice(choice: BlindChoice): Promise<boolean> {
    return this.#attempt(async () => {
      await this.parts.repository.removeChoice(choice.id);
      const shown = this.#shown;
      if (shown?.run.id === choice.runId)
        this.#shown = { ...shown, choices: shown.choices.filter(({ id }) => id !== choice.id) };
    });
  }

  dismissFailure(): void {
    this.#failure = null;
  }

  /** @returns whether it goes on; resolves then, while it goes on */
  #begin(whole: WholeRun, store: () => Promise<void>): Promise<boolean> {
    if (this.#runningId !== null) return Promise.resolve(false);
    this.#runningId = whole.run.id;
    const ends = new AbortController();
    const answers = new AnswersToShow((batch) => this.#put(batch));
    return new Promise((goesOn) => {
      this.#ended = this.#attempt(async () => {
        await exclusively(runLock, 'lab-elsewhere', async () => {
          await store();
          this.#shown = whole;
          this.#know(whole.run);
          void holdWakeLock(ends.signal);
          this.#job = new RunJob(this.parts, whole.run, whole.set, whole.answers, {
            progress: (progress) => (this.#progress = progress),
            answered: (answer) => answers.add(answer),
            changed: (run) => {
              answers.flush();
              this.#know(run);
            },
          });
          const job = this.#job;
          goesOn(true);
          await this.parts.model.inTurn(() => job.run());
        });
      }).finally(() => {
        ends.abort();
        answers.flush();
        this.#job = null;
        this.#progress = null;
        this.#runningId = null;
        goesOn(false);
      });
    });
  }

  /** A run that its tab could not end is stored as one that goes on. */
  #asItIs(run: LabRun, held: ReadonlySet<string>): LabRun {
    const isLeft = run.state === 'running' && run.id !== this.#runningId && !held.has(runLock);
    return isLeft ? { ...run, state: 'paused' } : run;
  }

  #know(run: LabRun): void {
    this.#runs = [run, ...this.#runs.filter(({ id }) => id !== run.id)].sort((a, b) => b.startedAt - a.startedAt);
    if (this.#shown?.run.id === run.id) this.#shown = { ...this.#shown, run };
  }

  #put(answers: readonly LabAnswer[]): void {
    const shown = this.#shown;
    const own = answers.filter(({ runId }) => runId === shown?.run.id);
    if (!shown || own.length === 0) return;
    const ids = new Set(own.map(({ id }) => id));
    this.#shown = { ...shown, answers: [...shown.answers.filter(({ id }) => !ids.has(id)), ...own] };
  }

  /** @returns whether it could be done; why not, `failure` says */
  async #attempt(work: () => Promise<void>): Promise<boolean> {
    this.#failure = null;
    try {
      await work();
      return true;
    } catch (error) {
      this.#failure = failureFrom(error);
      return false;
    }
  }
}

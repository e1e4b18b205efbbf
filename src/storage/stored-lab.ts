import { without } from '../shared/domain/chosen-fields';
import type { CaseSet, SetId } from '../shared/domain/lab/case-set';
import type { BlindChoice, LabAnswer, LabRun, RunId } from '../shared/domain/lab/run';
import type { LabRecord } from '../shared/domain/lab/lab-records';
import type { AllTables, Table, Tables } from './tables';

/** A run with all that belongs to it. */
export interface WholeRun {
  readonly run: LabRun;
  /** As it was when the run began: it may have been edited or deleted since. */
  readonly set: CaseSet;
  readonly answers: readonly LabAnswer[];
  readonly choices: readonly BlindChoice[];
}

const prefixOf = (id: RunId): string => `${id}:`;

/**
 * A run from a file. Nobody goes on with it here: the rest of its answers would have the speed of this device, and the first ones that
 * of another.
 */
const imported = (run: LabRun): LabRun => ({
  ...without(run, 'stoppedBy'),
  state: run.state === 'finished' ? 'finished' : 'stopped',
  importedAt: Date.now(),
});

/** Sets that are kept with a run lie among the others, under a name of its own. */
const keptPrefix = 'run:';
const keptId = (id: RunId): SetId => keptPrefix + id;

/**
 * Sets, runs and answers of the Lab: beside the chats, under the same lock. Ids stay in the clear there, so they say nothing.
 * Rejections are `FailureError`s of a storage kind.
 */
export class StoredLab {
  constructor(private readonly tables: Tables) {}

  /** Last changed first. */
  async sets(): Promise<readonly CaseSet[]> {
    const sets = await this.tables.run('readonly', ['labSets'], ({ labSets }) => labSets.all());
    return sets.filter(({ id }) => !id.startsWith(keptPrefix)).toSorted((a, b) => b.updatedAt - a.updatedAt);
  }

  writeSet(set: CaseSet): Promise<void> {
    return this.tables.run('readwrite', ['labSets'], ({ labSets }) => labSets.put(set));
  }

  /** Its runs stay. */
  removeSet(id: SetId): Promise<void> {
    return this.tables.run('readwrite', ['labSets'], ({ labSets }) => labSets.delete(id));
  }

  /** Newest first. */
  async runs(): Promise<readonly LabRun[]> {
    const runs = await this.tables.run('readonly', ['labRuns'], ({ labRuns }) => labRuns.all());
    return runs.toSorted((a, b) => b.startedAt - a.startedAt);
  }

  writeRun(run: LabRun): Promise<void> {
    return this.tables.run('readwrite', ['labRuns'], ({ labRuns }) => labRuns.put(run));
  }

  writeAnswer(answer: LabAnswer): Promise<void> {
    return this.tables.run('readwrite', ['labAnswers'], ({ labAnswers }) => labAnswers.put(answer));
  }

  writeChoice(choice: BlindChoice): Promise<void> {
    return this.tables.run('readwrite', ['labChoices'], ({ labChoices }) => labChoices.put(choice));
  }

  removeChoice(id: string): Promise<void> {
    return this.tables.run('readwrite', ['labChoices'], ({ labChoices }) => labChoices.delete(id));
  }

  /** Null when there is no such run. */
  wholeRun(id: RunId): Promise<WholeRun | null> {
    return this.tables.run('readonly', runTables, (tables) => readRun(tables, id));
  }

  /** What begins, what was imported, and what was deleted and comes back. */
  writeWholeRun({ run, set, answers, choices }: WholeRun): Promise<void> {
    return this.tables.run('readwrite', runTables, async ({ labSets, labRuns, labAnswers, labChoices }) => {
      await labSets.put({ ...set, id: keptId(run.id) });
      await labRuns.put(run);
      for (const answer of answers) await labAnswers.put(answer);
      for (const choice of choices) await labChoices.put(choice);
    });
  }

  /** All of it, for an export: sets, then each run followed by its answers and choices. */
  async *records(): AsyncGenerator<LabRecord> {
    for (const set of await this.sets()) yield { type: 'lab-set', set };
    for (const { id } of await this.runs()) {
      const whole = await this.wholeRun(id);
      if (!whole) continue;
      yield { type: 'lab-run', run: whole.run, set: whole.set };
      for (const answer of whole.answers) yield { type: 'lab-answer', answer };
      for (const choice of whole.choices) yield { type: 'lab-choice', choice };
    }
  }

  /** Of some records, the ids of sets and runs that are not here yet. */
  missing(
    records: readonly LabRecord[],
  ): Promise<{ readonly sets: readonly SetId[]; readonly runs: readonly RunId[] }> {
    return this.tables.run('readonly', ['labSets', 'labRuns'], async ({ labSets, labRuns }) => {
      const sets: SetId[] = [];
      const runs: RunId[] = [];
      for (const record of records) {
        if (record.type === 'lab-set' && !(await labSets.has(record.set.id))) sets.push(record.set.id);
        if (record.type === 'lab-run' && !(await labRuns.has(record.run.id))) runs.push(record.run.id);
      }
      return { sets, runs };
    });
  }

  /** Writes those of a file that are not here yet, in one transaction. */
  add(records: readonly LabRecord[]): Promise<void> {
    return this.tables.run('readwrite', runTables, async ({ labSets, labRuns, labAnswers, labChoices }) => {
      const put = async <Value extends { readonly id: string }>(table: Table<Value>, value: Value): Promise<void> => {
        if (!(await table.has(value.id))) await table.put(value);
      };
      for (const record of records) {
        switch (record.type) {
          case 'lab-set':
            await put(labSets, record.set);
            break;
          case 'lab-run':
            await put(labSets, { ...record.set, id: keptId(record.run.id) });
            await put(labRuns, imported(record.run));
            break;
          // Of a run that is nowhere, nobody would ever see them.
          case 'lab-answer':
            if (await labRuns.has(record.answer.runId)) await put(labAnswers, record.answer);
            break;
          case 'lab-choice':
            if (await labRuns.has(record.choice.runId)) await put(labChoices, record.choice);
        }
      }
    });
  }

  /** Deletes a run with all that belongs to it, and returns it, for undo. Null when there was none. */
  removeRun(id: RunId): Promise<WholeRun | null> {
    return this.tables.run('readwrite', runTables, async (tables) => {
      const whole = await readRun(tables, id);
      const { labSets, labRuns, labAnswers, labChoices } = tables;
      await labSets.delete(keptId(id));
      await labRuns.delete(id);
      for (const answer of whole?.answers ?? []) await labAnswers.delete(answer.id);
      for (const choice of whole?.choices ?? []) await labChoices.delete(choice.id);
      return whole;
    });
  }
}

const runTables = ['labSets', 'labRuns', 'labAnswers', 'labChoices'] as const;

async function readRun(
  { labSets, labRuns, labAnswers, labChoices }: Pick<AllTables, (typeof runTables)[number]>,
  id: RunId,
): Promise<WholeRun | null> {
  const run = await labRuns.get(id);
  const set = await labSets.get(keptId(id));
  if (!run || !set) return null;
  const answers = await labAnswers.startingWith(prefixOf(id));
  const choices = await labChoices.startingWith(prefixOf(id));
  return { run, set: { ...set, id: run.setId }, answers, choices };
}

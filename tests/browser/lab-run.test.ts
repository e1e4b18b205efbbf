/** Runs of the Lab with the real engine worker, which plays a script, and a store in memory. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ActiveModel } from '../../src/engine/active-model.svelte';
import { Lab } from '../../src/lab/lab.svelte';
import { emptySet, newCase } from '../../src/lab/set/new-set';
import type { CaseSet } from '../../src/shared/domain/lab/case-set';
import type { Finding } from '../../src/shared/domain/lab/check';
import type { Contender, LabAnswer } from '../../src/shared/domain/lab/run';
import type { EngineScript } from '../../src/shared/protocol/engine';
import { FailureError } from '../../src/shared/protocol/failure';
import { inMemory } from '../../src/storage/chats-in-memory';
import { StoredLab } from '../../src/storage/stored-lab';
import { writeExchange } from '../../src/lab/reports/write-exchange';
import { labRecordFrom, type LabRecord } from '../../src/shared/domain/lab/lab-records';
import { readExchange } from '../../workers/set-files/read-exchange';
import { ScriptedClient, scriptedModel } from '../fixtures/scripted-session';

const open: ScriptedClient[] = [];
afterEach(() => {
  for (const client of open.splice(0)) client.terminate();
});

const contender = (id: string, modelId: string): Contender => ({ id, modelId, name: modelId });
const [a, b] = [contender('c1', 'model-a'), contender('c2', 'model-b')];

function setOf(questions: readonly string[], settings: Partial<CaseSet['settings']> = {}): CaseSet {
  const set = emptySet('Numbers');
  const cases = questions.map((question) => ({
    ...newCase({ question }),
    checks: [{ kind: 'contains', value: question } as const],
  }));
  return { ...set, cases, settings: { ...set.settings, ...settings } };
}

interface Bench {
  readonly lab: Lab;
  readonly client: ScriptedClient;
  readonly repository: StoredLab;
  answers(): Promise<readonly LabAnswer[]>;
}

/** @param gone models that have been deleted */
function bench(script: EngineScript, gone: string[] = []): Bench {
  const client = new ScriptedClient(script);
  open.push(client);
  const repository = new StoredLab(inMemory().tables);
  const model = new ActiveModel(client, () => Promise.resolve({ ok: true, value: [] }), scriptedModel);
  const contains = (text: string, value: string): Finding =>
    text.includes(value) ? { outcome: 'pass', reason: 'as-expected' } : { outcome: 'fail', reason: 'missing' };
  const lab = new Lab({
    model,
    repository,
    app: { version: 'test', commit: '' },
    modelOf: (id) => (gone.includes(id) ? null : { ...scriptedModel, id, name: id }),
    weightsFactsOf: () => ({ weightsSha256: '', bytes: 1, license: null }),
    checks: {
      check: ({ text }, checks) =>
        Promise.resolve(
          checks.map((check) =>
            check.kind === 'contains'
              ? contains(text, check.value)
              : ({ outcome: 'none', reason: 'not-judged' } satisfies Finding),
          ),
        ),
    },
  });
  return {
    lab,
    client,
    repository,
    answers: async () => (await repository.wholeRun(lab.runs[0]?.id ?? ''))?.answers ?? [],
  };
}

const saying = (...answers: string[]): EngineScript => ({ answers: answers.map((token) => [{ token }]) });
const outcomes = (answers: readonly LabAnswer[]): string[] =>
  answers.toSorted((x, y) => x.answeredAt - y.answeredAt).map(({ outcome }) => outcome);

describe('a run', () => {
  it('asks contender by contender, each model loaded once, and stores every answer with its figures', async () => {
    const { lab, client, answers } = bench(saying('one', 'two', 'zero'));
    await lab.start({ set: setOf(['one', 'two', 'three']), contenders: [a, b], judge: null });
    await lab.ended;
    expect(lab.runs[0]).toMatchObject({ state: 'finished', lost: [] });
    expect(client.requests.map(({ turns }) => turns.at(-1)?.content)).toEqual([
      ...['one', 'two', 'three'],
      ...['one', 'two', 'three'],
    ]);
    // The cache of one case must not make the next one quicker.
    expect(client.requests.every(({ reuseCache }) => reuseCache === false)).toBe(true);
    const all = await answers();
    expect(outcomes(all)).toEqual(['pass', 'pass', 'fail', 'pass', 'pass', 'fail']);
    expect(all[0]).toMatchObject({ promptTokens: 1, completionTokens: 1, finishReason: 'stop' });
    expect(lab.runs[0]?.facts.map(({ contenderId }) => contenderId)).toEqual(['c1', 'c2']);
  });

  it('goes on after a pause at the case where it stopped, and asks none twice', async () => {
    const slow = { answers: [[{ token: 'one', delayMs: 30 }]] };
    const { lab, client, answers } = bench(slow);
    const id = await lab.start({ set: setOf(['one', 'one', 'one', 'one']), contenders: [a], judge: null });
    await expect.poll(() => lab.shown?.answers.length).toBeGreaterThanOrEqual(2);
    lab.pause();
    await lab.ended;
    expect(lab.runs[0]?.state).toBe('paused');
    const before = (await answers()).length;
    expect(before).toBeLessThan(4);
    const asked = client.requests.length;
    await lab.resume(id ?? '');
    await lab.ended;
    expect(lab.runs[0]?.state).toBe('finished');
    expect(await answers()).toHaveLength(4);
    // The case in hand may be asked again, and no other.
    expect(client.requests.length - asked).toBe(4 - before);
  });

  it('is found as paused by the next visit when its tab has gone in the middle', async () => {
    const { lab, repository } = bench({ answers: [[{ hang: true }]] });
    await lab.start({ set: setOf(['one']), contenders: [a], judge: null });
    const next = new Lab({ ...lab.parts, repository });
    await next.open();
    // The lock is still held by the first: it goes on elsewhere.
    expect(next.runs[0]?.state).toBe('running');
    lab.stop();
    await lab.ended;
    const [run] = await repository.runs();
    if (run) await repository.writeRun({ ...run, state: 'running' });
    await next.open();
    expect(next.runs[0]?.state).toBe('paused');
    await next.show(run?.id ?? '');
    expect(next.shown?.run.state).toBe('paused');
  });

  it('ends a case that hangs at its limit, counts it as failed with the reason, and goes on', async () => {
    const { lab, answers } = bench({ answers: [[{ token: 'on' }, { hang: true }]] });
    await lab.start({ set: setOf(['one'], { limitSeconds: 0.3 }), contenders: [a, b], judge: null });
    await lab.ended;
    const all = await answers();
    expect(all).toHaveLength(2);
    for (const answer of all)
      expect(answer).toMatchObject({ outcome: 'fail', trouble: { kind: 'too-long' }, text: 'on' });
    expect(lab.runs[0]?.state).toBe('finished');
  });

  it('restarts an engine that dies, tries the case once more, and then counts it as failed', async () => {
    const died = { kind: 'gpu-lost', technical: 'scripted' } as const;
    const { lab, client, answers } = bench({ answers: [[{ fail: died }]] });
    await lab.start({ set: setOf(['one', 'two']), contenders: [a], judge: null });
    await lab.ended;
    expect(client.requests).toHaveLength(4);
    expect((await answers()).map(({ trouble }) => trouble?.kind)).toEqual(['engine-failed', 'engine-failed']);
    expect(lab.runs[0]?.state).toBe('finished');
  });

  it('goes on with the others when a contender has been deleted, and says so of it', async () => {
    const { lab, answers } = bench(saying('one'), ['model-a']);
    await lab.start({ set: setOf(['one']), contenders: [a, b], judge: null });
    await lab.ended;
    expect(lab.runs[0]).toMatchObject({
      state: 'finished',
      lost: [{ contenderId: 'c1', kind: 'weights-incomplete' }],
    });
    expect((await answers()).map(({ contenderId }) => contenderId)).toEqual(['c2']);
  });

  it('goes on with the others when a contender is deleted while another answers, and keeps what it had', async () => {
    const gone: string[] = [];
    const { lab, answers } = bench({ answers: [[{ token: 'one', delayMs: 30 }]] }, gone);
    const c = contender('c3', 'model-c');
    await lab.start({ set: setOf(['one', 'one', 'one']), contenders: [a, b, c], judge: null });
    await expect.poll(() => lab.shown?.answers.length).toBeGreaterThanOrEqual(1);
    // The one that answers, and the next one.
    gone.push('model-a', 'model-b');
    await lab.ended;
    expect(lab.runs[0]).toMatchObject({
      state: 'finished',
      lost: [{ contenderId: 'c2', kind: 'weights-incomplete' }],
    });
    const counts = Map.groupBy(await answers(), ({ contenderId }) => contenderId);
    expect([...counts].map(([id, own]) => [id, own.length]).toSorted()).toEqual([
      ['c1', 3],
      ['c3', 3],
    ]);
  });

  it.each([
    ['back by twenty years', -20 * 365],
    ['to before 1970', -60 * 365],
    ['ahead by twenty years', 20 * 365],
  ])('goes on when the clock jumps %s, and its times stay true', async (_, days) => {
    const { lab, repository } = bench({ answers: [[{ token: 'one', delayMs: 30 }]] });
    const now = Date.now.bind(Date);
    const id = await lab.start({ set: setOf(['one', 'one', 'one', 'one']), contenders: [a], judge: null });
    const leftMs: number[] = [];
    await expect.poll(() => lab.shown?.answers.length).toBeGreaterThanOrEqual(1);
    vi.spyOn(Date, 'now').mockImplementation(() => now() + days * 86_400_000);
    while (lab.runningId !== null) {
      const left = lab.progress?.leftMs ?? null;
      if (left !== null) leftMs.push(left);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    vi.restoreAllMocks();
    expect(lab.runs[0]?.state).toBe('finished');
    const whole = await repository.wholeRun(id ?? '');
    expect(whole?.answers).toHaveLength(4);
    for (const { totalMs, firstTokenMs } of whole?.answers ?? []) {
      expect(totalMs).toBeGreaterThan(20);
      expect(totalMs).toBeLessThan(10_000);
      expect(firstTokenMs).toBeLessThan(10_000);
    }
    expect(leftMs.every((left) => left >= 0 && left < 10_000)).toBe(true);
    // What it leaves can be given away and read again: no date in it is impossible.
    if (whole) await readExchange(writeExchange(whole.run, whole.set, whole.answers, true));
    for await (const record of repository.records()) {
      const { type, ...fields } = JSON.parse(JSON.stringify(record)) as LabRecord;
      expect(labRecordFrom(type, { type, ...fields }), type).not.toBeNull();
    }
  });

  it('pauses when storage is full, loses nothing, and goes on when there is room', async () => {
    const { lab, repository, answers } = bench(saying('one'));
    const write = repository.writeAnswer.bind(repository);
    let room = 1;
    repository.writeAnswer = (answer): Promise<void> =>
      room-- > 0 ? write(answer) : Promise.reject(new FailureError({ kind: 'storage-full', technical: 'test' }));
    const id = await lab.start({ set: setOf(['one', 'one', 'one']), contenders: [a], judge: null });
    await lab.ended;
    expect(lab.runs[0]).toMatchObject({ state: 'paused', stoppedBy: 'storage-full' });
    expect(lab.failure?.kind).toBe('storage-full');
    expect(await answers()).toHaveLength(1);
    room = 10;
    await lab.resume(id ?? '');
    await lab.ended;
    expect(lab.runs[0]?.state).toBe('finished');
    expect(lab.runs[0]).not.toHaveProperty('stoppedBy');
    expect(await answers()).toHaveLength(3);
  });

  it('counts a case whose variable is missing as failed, without asking', async () => {
    const { lab, client, answers } = bench(saying('one'));
    const set = setOf(['one']);
    await lab.start({ set: { ...set, cases: [newCase({ other: 'x' })] }, contenders: [a], judge: null });
    await lab.ended;
    expect(client.requests).toHaveLength(0);
    expect((await answers())[0]).toMatchObject({
      outcome: 'fail',
      trouble: { kind: 'variable-missing', detail: 'question' },
    });
  });

  it('keeps the set as it was when it began, whatever is edited later', async () => {
    const { lab, repository } = bench(saying('one'));
    const set = setOf(['one']);
    await lab.saveSet(set);
    const id = await lab.start({ set, contenders: [a], judge: null });
    await lab.ended;
    await lab.saveSet({ ...set, cases: [] });
    expect((await repository.wholeRun(id ?? ''))?.set.cases).toHaveLength(1);
    expect((await repository.sets()).map(({ cases }) => cases.length)).toEqual([0]);
  });

  it('is deleted with all that belongs to it, and comes back whole', async () => {
    const { lab, repository } = bench(saying('one'));
    const id = (await lab.start({ set: setOf(['one']), contenders: [a], judge: null })) ?? '';
    await lab.ended;
    const whole = await repository.wholeRun(id);
    const undo = await lab.removeRun(id);
    expect(await repository.wholeRun(id)).toBeNull();
    expect(lab.runs).toEqual([]);
    await undo?.();
    expect(await repository.wholeRun(id)).toEqual(whole);
  });
});

describe('a judge', () => {
  const judged = (set: CaseSet): CaseSet => ({ ...set, checks: [{ kind: 'rubric', rubric: 'is polite' }] });
  const judge = contender('judge', 'model-j');

  it('decides what rules cannot, after the run', async () => {
    // Loaded anew for the judge, the script begins again.
    const { lab, client, answers } = bench(saying('one {"pass": true, "reason": "It is."}'));
    const set = judged(setOf(['one']));
    await lab.start({ set, contenders: [a], judge });
    await lab.ended;
    const [answer] = await answers();
    expect(answer?.findings[0]).toEqual({ outcome: 'pass', reason: 'judged', detail: 'It is.' });
    expect(answer?.outcome).toBe('pass');
    const request = client.requests.at(-1);
    expect(request?.turns.at(-1)?.content).toContain('is polite');
  });

  it('that answers rubbish gives no verdict, and never a pass', async () => {
    const { lab, answers } = bench(saying('one'));
    await lab.start({ set: judged(setOf(['one'])), contenders: [a], judge });
    await lab.ended;
    const [answer] = await answers();
    expect(answer?.findings[0]?.reason).toBe('judge-unclear');
    expect(answer?.outcome).toBe('none');
  });
});

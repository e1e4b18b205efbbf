/** Runs that came from a file must not be read as measured on this device. */
import { describe, expect, it } from 'vitest';
import { markdownReport } from '../../../src/lab/reports/markdown-report';
import { adoptResults } from '../../../src/lab/reports/adopt-results';
import { readExchange } from '../../../workers/set-files/read-exchange';
import { writeExchange } from '../../../src/lab/reports/write-exchange';
import { shippedPrices } from '../../../src/lab/results/hosted-prices';
import { runDateWords } from '../../../src/lab/words/run-words';
import type { LabRun, RunState } from '../../../src/shared/domain/lab/run';
import { inMemory } from '../../../src/storage/chats-in-memory';
import { StoredLab } from '../../../src/storage/stored-lab';
import { scriptedRun, setHash } from '../../fixtures/lab/lab-run';

const scripted = scriptedRun({ a: '++-', b: '---' });

async function fromResults(): Promise<LabRun> {
  const file = writeExchange(scripted.run, scripted.set, scripted.answers, true);
  return adoptResults(await readExchange(file), scripted.set, setHash, 'new').run;
}

/** As it is in the store after an import of everything. */
async function fromEverything(changes: Partial<LabRun>): Promise<LabRun | undefined> {
  const lab = new StoredLab(inMemory().tables);
  await lab.add([{ type: 'lab-run', run: { ...scripted.run, ...changes }, set: scripted.set }]);
  return (await lab.runs())[0];
}

describe('an imported run', () => {
  it('is marked, from a file of results and from one of everything', async () => {
    expect(scripted.run.importedAt).toBeUndefined();
    expect((await fromResults()).importedAt).toBeCloseTo(Date.now(), -5);
    expect((await fromEverything({}))?.importedAt).toBeCloseTo(Date.now(), -5);
  });

  it('is called imported wherever its date stands, unlike one of this device', async () => {
    expect(runDateWords(await fromResults())).toMatch(/2026.*, imported$/);
    expect(runDateWords(scripted.run)).not.toContain('imported');
  });

  it.each<readonly [RunState, RunState]>([
    ['running', 'stopped'],
    ['paused', 'stopped'],
    ['stopped', 'stopped'],
    ['finished', 'finished'],
  ])('that was %s is %s here: nobody goes on with it at the speed of another device', async (there, here) => {
    const run = await fromEverything({ state: there, stoppedBy: 'storage-full' });
    expect(run?.state).toBe(here);
    expect(run).not.toHaveProperty('stoppedBy');
  });

  it('says in its report where its times were measured, and has no cost: the power is that of this device', async () => {
    const power = { watts: 30, pricePerKwh: 0.3, devicePrice: null, currency: 'USD', perDollar: 1 };
    const cost = { power, prices: shippedPrices };
    const report = markdownReport({ ...scripted, run: await fromResults(), cost });
    expect(report).toContain('maybe on another device');
    expect(report).not.toContain('## Cost');
    const own = markdownReport({ ...scripted, cost });
    expect(own).not.toContain('maybe on another device');
    expect(own).toContain('## Cost');
  });
});

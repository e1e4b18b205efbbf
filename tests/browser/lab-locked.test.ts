/** What the Lab keeps lies under the lock of the chats: sealed with it, opened with it, and nothing of it in the clear. */
import { deleteDB } from 'idb';
import { afterEach, describe, expect, it } from 'vitest';
import { chatsDatabaseName } from '../../src/storage/chats-database';
import { StoredLab } from '../../src/storage/stored-lab';
import { secret, wholeRun } from '../fixtures/lab/whole-run';
import { newKey, openLocked, openTab, rewrite, storedText } from '../fixtures/locked-chats';

afterEach(() => deleteDB(chatsDatabaseName));

describe('the Lab under a lock', () => {
  it('stores nothing in the clear, and reads all of it with the key', async () => {
    const whole = wholeRun();
    const lab = new StoredLab((await openLocked(await newKey())).tables);
    await lab.writeSet(whole.set);
    await lab.writeWholeRun(whole);
    expect(await storedText()).not.toContain(secret);
    expect(await lab.sets()).toEqual([whole.set]);
    expect(await lab.runs()).toEqual([whole.run]);
    expect(await lab.wholeRun(whole.run.id)).toEqual(whole);
    expect(await lab.removeRun(whole.run.id)).toEqual(whole);
    expect(await lab.runs()).toEqual([]);
  });

  it('is sealed when the lock is turned on, and opened when it is turned off', async () => {
    const whole = wholeRun();
    await new StoredLab(openTab().tables).writeWholeRun(whole);
    expect(await storedText()).toContain(secret);
    const tab = await openLocked(await newKey(), 'sealing');
    await rewrite(tab);
    expect(await storedText()).not.toContain(secret);
    const lab = new StoredLab(tab.tables);
    expect(await lab.wholeRun(whole.run.id)).toEqual(whole);
    await tab.lock.change((stored) => stored && { ...stored, phase: 'opening', position: null });
    await rewrite(tab);
    expect(await storedText()).toContain(secret);
    expect(await lab.wholeRun(whole.run.id)).toEqual(whole);
  });
});

/** The one model that a person who has only the Guide is led to. */
import { flushSync } from 'svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { CatalogEntry } from '../../src/shared/domain/catalog';
import type { StoredModel, TransferProgress } from '../../src/shared/protocol/weights';
import { entries } from '../../src/models/catalog/catalog-data';
import { currentTransfer } from '../../src/models/shelf/stored-models';
import { downloadSeconds, LineRate, type Line } from '../../src/models/shelf/download-time.svelte';
import type { ModelAdvice } from '../../src/models/model-advice.svelte';
import type { ModelShelf } from '../../src/models/shelf/model-shelf.svelte';
import { Starter } from '../../src/models/starter.svelte';
import { storedGguf } from '../fixtures/models';

const entryOf = (id: string): CatalogEntry => entries.find((entry) => entry.id === id) as CatalogEntry;
const best = entryOf('qwen3.5-4b-q4_k_m');
const quickest = entryOf('qwen3-0.6b-q4_k_m');

const stored = (state: StoredModel['state'], modelId = best.id): StoredModel =>
  storedGguf(modelId, 100, {
    state,
    storedBytes: 40,
    ...(state === 'failed' && { failure: { kind: 'download-gone', technical: '' } as never }),
  });

const shelfWith = (models: readonly StoredModel[], progress?: TransferProgress): ModelShelf =>
  ({
    stored: models,
    storedForChats: models,
    models: models
      .filter(({ state }) => state === 'ready')
      .map(({ manifest }) => ({ id: manifest.modelId, name: manifest.name })),
    progressOf: () => progress,
    refresh: () => Promise.resolve(),
    inspect: () => new Promise(() => {}),
    cancelInspection: () => {},
    download: () => Promise.resolve({ ok: true, value: null }),
  }) as unknown as ModelShelf;

const advice = { recommended: [best, quickest], measured: null } as unknown as ModelAdvice;
const starterOn = (line: Line | null, models: readonly StoredModel[] = []): Starter =>
  new Starter(shelfWith(models), advice, { now: line } as LineRate);

beforeEach(() => {
  sessionStorage.clear();
  vi.stubGlobal('navigator', { onLine: true });
});

describe('the model that is offered', () => {
  it('is the best of the recommended', () => {
    expect(starterOn(null).state).toEqual({ kind: 'offered', entry: best });
    expect(starterOn({ bytesPerSecond: 10e6, isCapped: false }).entry).toBe(best);
  });

  it('is a smaller one where the best would take longer to come than anyone waits, if that is known', () => {
    expect(starterOn({ bytesPerSecond: 1e6, isCapped: false }).entry).toBe(quickest);
    // The browser tells no more of this line: it may be much faster.
    expect(starterOn({ bytesPerSecond: 1.25e6, isCapped: true }).entry).toBe(best);
  });

  it('is what is on the way, has stopped, or is here already', () => {
    expect(starterOn(null, [stored('downloading')]).state).toMatchObject({ kind: 'transfer' });
    expect(starterOn(null, [stored('ready')]).state).toMatchObject({ kind: 'ready', model: { id: best.id } });
  });

  it('waits for the network when there is none', () => {
    vi.stubGlobal('navigator', { onLine: false });
    const starter = starterOn(null);
    expect(starter.state).toEqual({ kind: 'offline', entry: best });
    void starter.start();
    expect(starter.waitsForNetwork).toBe(true);
    starter.cancelRequest();
    expect(starter.waitsForNetwork).toBe(false);
  });
});

describe('the wish to use it when it is ready', () => {
  it('is said with the tap, outlives a reload of this tab, and is gone when it is fulfilled', () => {
    void starterOn(null).start();
    const after = starterOn(null, [stored('ready')]);
    flushSync();
    expect(after.due?.id).toBe(best.id);
    after.done();
    expect(after.due).toBeNull();
    expect(starterOn(null, [stored('ready')]).due).toBeNull();
  });

  it('can be taken back while the model is on its way', () => {
    const starter = starterOn(null, [stored('ready')]);
    starter.wish(best.id, true);
    expect(starter.due?.id).toBe(best.id);
    starter.wish(best.id, false);
    expect(starter.due).toBeNull();
  });

  it('tells of a download that has stopped', () => {
    const starter = starterOn(null, [stored('failed')]);
    starter.wish(best.id, true);
    expect(starter.state).toMatchObject({ kind: 'stopped' });
  });
});

describe('the line', () => {
  it('is what the browser tells until a download has shown its rate, and unknown where it tells nothing', () => {
    const line = new LineRate();
    expect(line.now).toBeNull();
    vi.stubGlobal('navigator', { connection: { downlink: 10 } });
    expect(line.now).toEqual({ bytesPerSecond: 1.25e6, isCapped: true });
    expect(downloadSeconds(533e6, line.now)).toEqual({ value: 426.4, atMost: true });
    const progress = { phase: 'downloading', bytesPerSecond: 5e6 } as TransferProgress;
    line.hear({ type: 'progress', progress });
    expect(line.now).toEqual({ bytesPerSecond: 5e6, isCapped: false });
    expect(downloadSeconds(533e6, null)).toBeNull();
  });
});

describe('what is told of a download on every screen', () => {
  it('is the one that runs before one that has ended, and nothing of what ended on an earlier visit', () => {
    const models = [stored('ready', 'done'), stored('downloading', 'running'), stored('failed', 'stopped')];
    expect(currentTransfer(shelfWith(models), new Set(['done', 'stopped']))).toMatchObject({
      modelId: 'running',
      state: 'running',
      fraction: 0.4,
    });
    const ended = models.filter(({ state }) => state !== 'downloading');
    expect(currentTransfer(shelfWith(ended), new Set(['done', 'stopped']))).toMatchObject({ state: 'stopped' });
    expect(currentTransfer(shelfWith(ended), new Set())).toBeNull();
  });
});

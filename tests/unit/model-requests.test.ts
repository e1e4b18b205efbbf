/** What happens between a press on a button and a model's place in the store, with a store that answers when it is told to. */
import { describe, expect, it } from 'vitest';
import { failed, type Failed, type Result } from '../../src/shared/protocol/failure';
import type {
  Inspection,
  LocalFile,
  StoredModel,
  WeightsManifest,
  WeightsRequest,
} from '../../src/shared/protocol/weights';
import { AddressSteps } from '../../src/models/add/address-steps.svelte';
import { chosenOf } from '../../src/models/add/header-facts';
import { entries } from '../../src/models/catalog/catalog-data';
import { CatalogDownloads } from '../../src/models/shelf/catalog-downloads.svelte';
import { FileCopies } from '../../src/models/shelf/file-copies.svelte';
import { Inquiries, type Inspector } from '../../src/models/add/inquiries';
import { storedGguf } from '../fixtures/models';

const { manifest } = storedGguf('found', 5);
const found: Result<Inspection> = { ok: true, value: { kind: 'model', manifest } };
const full = failed('weights-storage-full', 'by estimate');
const gone = failed('download-not-found', '404');

/** Like the worker: several are looked at, one that is cancelled comes back as cancelled, and a host may never answer. */
class ScriptedInspector implements Inspector {
  readonly asked: WeightsRequest[] = [];
  readonly #open = new Map<string, (result: Result<Inspection>) => void>();
  /** As when the worker waits for something that no cancel ends. */
  deaf = false;

  inspect(request: WeightsRequest, inquiryId: string): Promise<Result<Inspection>> {
    this.asked.push(request);
    return new Promise((resolve) => this.#open.set(inquiryId, resolve));
  }
  cancelInspection(inquiryId: string): void {
    if (!this.deaf) this.#open.get(inquiryId)?.(failed('cancelled', 'by its id'));
  }
  /** The oldest that is open. */
  answer(result: Result<Inspection>): void {
    const [[id, settle] = []] = this.#open;
    if (id === undefined) return;
    this.#open.delete(id);
    settle?.(result);
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

class Downloads {
  readonly noted: { id: string; despiteSpace: boolean }[] = [];
  /** The space suffices only for those who do not ask. */
  full = false;
  take = (taken: WeightsManifest, despiteSpace = false): Promise<Result<null>> => {
    if (this.full && !despiteSpace) return Promise.resolve(full);
    this.noted.push({ id: taken.modelId, despiteSpace });
    return Promise.resolve({ ok: true, value: null });
  };
}

const [first, second] = entries;
if (!first || !second) throw new Error('the catalog is empty');

function catalog() {
  const inspector = new ScriptedInspector();
  const store = new Downloads();
  return { inspector, store, downloads: new CatalogDownloads(new Inquiries(inspector), store.take) };
}

describe('a download from the catalog', () => {
  it('asks for the files and is noted', async () => {
    const { inspector, store, downloads } = catalog();
    const noted = downloads.start(first);
    await settle();
    expect(downloads.isAsking(first.id)).toBe(true);
    expect(inspector.asked[0]?.known?.modelId).toBe(first.id);
    inspector.answer(found);
    expect(await noted).toBe(true);
    expect(store.noted).toEqual([{ id: 'found', despiteSpace: false }]);
    expect(downloads.isAsking(first.id)).toBe(false);
  });

  it('does not end another that is being asked for', async () => {
    const { inspector, store, downloads } = catalog();
    const both = [downloads.start(first), downloads.start(second)];
    await settle();
    expect(inspector.asked).toHaveLength(2);
    expect([first, second].map(({ id }) => downloads.isAsking(id))).toEqual([true, true]);
    inspector.answer(found);
    inspector.answer(found);
    expect(await Promise.all(both)).toEqual([true, true]);
    expect(store.noted).toHaveLength(2);
  });

  it('is cancelled at once, whatever the worker waits for, and the other goes on', async () => {
    const { inspector, store, downloads } = catalog();
    inspector.deaf = true;
    const both = [downloads.start(first), downloads.start(second)];
    await settle();
    downloads.cancel(second.id);
    expect(await both[1]).toBe(false);
    expect(downloads.isAsking(first.id)).toBe(true);
    downloads.cancel(first.id);
    expect(await both[0]).toBe(false);
    expect(store.noted).toEqual([]);
    expect([first, second].map(({ id }) => downloads.failureOf(id))).toEqual([null, null]);
  });

  it('fails with what the host says, and can be tried again', async () => {
    const { inspector, downloads } = catalog();
    const noted = downloads.start(first);
    await settle();
    inspector.answer(gone);
    expect(await noted).toBe(false);
    expect(downloads.failureOf(first.id)).toEqual(gone.failure);
    const again = downloads.start(first);
    await settle();
    expect(downloads.failureOf(first.id)).toBeNull();
    inspector.answer(found);
    expect(await again).toBe(true);
  });

  it('fails when a repository has become a choice', async () => {
    const { inspector, downloads } = catalog();
    const noted = downloads.start(first);
    await settle();
    inspector.answer({ ok: true, value: { kind: 'choice', choices: [] } });
    expect(await noted).toBe(false);
    expect(downloads.failureOf(first.id)).toMatchObject({ kind: 'address-not-understood', subject: first.repository });
  });

  it('of a model that sees fails where its projector cannot be read, and is not fetched blind', async () => {
    const seeing = entries.find(({ projector }) => projector);
    if (!seeing) throw new Error('none sees');
    const { inspector, store, downloads } = catalog();
    const withoutProjector = { path: 'mmproj.gguf', failure: failed('file-truncated', 'cut').failure };
    for (const [answer, kind] of [
      [withoutProjector, 'file-truncated'],
      [{ path: 'mmproj.gguf' }, 'projector-mismatch'],
    ] as const) {
      const noted = downloads.start(seeing);
      await settle();
      inspector.answer({ ok: true, value: { kind: 'model', manifest, withoutProjector: answer } });
      expect(await noted).toBe(false);
      expect(downloads.failureOf(seeing.id)?.kind).toBe(kind);
    }
    expect(store.noted).toEqual([]);
  });

  it('goes on despite the estimate without asking the host again', async () => {
    const { inspector, store, downloads } = catalog();
    store.full = true;
    const noted = downloads.start(first);
    await settle();
    inspector.answer(found);
    expect(await noted).toBe(false);
    expect(downloads.failureOf(first.id)?.kind).toBe('weights-storage-full');
    expect(await downloads.anyway(first)).toBe(true);
    expect(inspector.asked).toHaveLength(1);
    expect(store.noted).toEqual([{ id: 'found', despiteSpace: true }]);
  });
});

describe('the way from an address to a model', () => {
  const choices = [{ path: 'a-Q4_K_M.gguf', bytes: 5, hasProjector: false, url: 'https://h/a' }];
  function way() {
    const inspector = new ScriptedInspector();
    const store = new Downloads();
    return { inspector, store, steps: new AddressSteps(new Inquiries(inspector), store.take) };
  }
  async function ask(steps: AddressSteps, inspector: ScriptedInspector, answer: Result<Inspection>): Promise<void> {
    const asked = steps.ask({ url: 'https://h/x' });
    await settle();
    inspector.answer(answer);
    await asked;
  }

  it('leaves the projector out where a person wants words alone', () => {
    const projector = { path: 'mmproj.gguf', sees: true, hears: false };
    const pair = { ...manifest, files: [...manifest.files, { path: 'mmproj.gguf', bytes: 3 }], projector };
    expect(chosenOf(pair, false)).toBe(pair);
    expect(chosenOf(pair, true)).toEqual(manifest);
    expect(chosenOf(manifest, true)).toBe(manifest);
  });

  it('leads over a choice, and back', async () => {
    const { inspector, steps, store } = way();
    await ask(steps, inspector, { ok: true, value: { kind: 'choice', choices } });
    expect(steps.step).toEqual({ kind: 'choice', choices });
    await ask(steps, inspector, found);
    expect(steps.step).toEqual({ kind: 'model', manifest });
    steps.back();
    expect(steps.step.kind).toBe('choice');
    steps.back();
    steps.back();
    expect(steps.step.kind).toBe('address');
    expect(await steps.take(manifest)).toBe('found');
    expect(store.noted).toHaveLength(1);
  });

  it('stays where it is when it fails or is cancelled', async () => {
    const { inspector, steps } = way();
    await ask(steps, inspector, gone);
    expect([steps.step.kind, steps.failure?.kind]).toEqual(['address', 'download-not-found']);
    const asked = steps.ask({ url: 'https://h/x' });
    await settle();
    expect([steps.asking, steps.failure]).toEqual([true, null]);
    steps.cancel();
    await asked;
    expect([steps.asking, steps.failure, steps.step.kind]).toEqual([false, null, 'address']);
  });

  it('does not go on to what was asked before it was reset', async () => {
    const { inspector, steps } = way();
    const asked = steps.ask({ url: 'https://h/x' });
    await settle();
    steps.reset();
    inspector.answer(found);
    await asked;
    expect(steps.step.kind).toBe('address');
  });

  it('tries the download again where that was what failed', async () => {
    const { inspector, steps, store } = way();
    await ask(steps, inspector, found);
    store.full = true;
    expect(await steps.take(manifest)).toBeNull();
    expect(steps.failure?.kind).toBe('weights-storage-full');
    store.full = false;
    steps.again();
    await settle();
    expect(store.noted).toEqual([{ id: 'found', despiteSpace: false }]);
    expect(steps.failure).toBeNull();
  });
});

describe('files of this device', () => {
  const files: readonly LocalFile[] = [{ path: 'a.gguf', file: new File(['GGUF'], 'a.gguf') }];
  const copying = (modelId: string): StoredModel =>
    storedGguf(modelId, 5, { state: 'copying', storedBytes: 0, hashesCompared: false });

  class Shelf {
    stored: readonly StoredModel[] = [];
    progress = false;
    visits = 0;
    end: (result: Result<string>) => void = () => {};
    progressOf = () =>
      this.progress
        ? ({
            modelId: '',
            phase: 'copying',
            receivedBytes: 0,
            totalBytes: 5,
            bytesPerSecond: null,
            secondsLeft: null,
          } as const)
        : undefined;
    copyFiles = (): Promise<Result<string>> => new Promise((resolve) => (this.end = resolve));
    openForVisit = (): Promise<Failed> => {
      this.visits += 1;
      return Promise.resolve(failed('file-not-gguf', 'a.gguf'));
    };
  }

  it('are looked at, then have a card of their own', async () => {
    const shelf = new Shelf();
    shelf.stored = [copying('older')];
    const copies = new FileCopies(shelf);
    const copied = copies.copy(files);
    expect([copies.readingName, copies.begunId, copies.running]).toEqual(['a.gguf', null, true]);
    shelf.stored = [copying('older'), copying('newer')];
    expect(copies.begunId).toBe('newer');
    copies.noteBegun();
    expect([copies.readingName, copies.begunId]).toEqual([null, null]);
    shelf.end({ ok: true, value: 'newer' });
    expect(await copied).toBeNull();
    expect(copies.running).toBe(false);
  });

  it('go on with a copy that was interrupted', () => {
    const shelf = new Shelf();
    shelf.stored = [copying('cut')];
    const copies = new FileCopies(shelf);
    void copies.copy(files);
    expect(copies.begunId).toBeNull();
    shelf.progress = true;
    expect(copies.begunId).toBe('cut');
  });

  it('that are in the store already are told at once', async () => {
    const shelf = new Shelf();
    const copies = new FileCopies(shelf);
    const copied = copies.copy(files);
    shelf.end({ ok: true, value: 'there' });
    expect(await copied).toBe('there');
    expect(copies.failure).toBeNull();
  });

  it('for want of space may be opened for the visit, other failures not', async () => {
    for (const [outcome, canVisit] of [
      [full, true],
      [failed('weights-unavailable', ''), true],
      [failed('file-truncated', ''), false],
    ] as const) {
      const shelf = new Shelf();
      const copies = new FileCopies(shelf);
      const copied = copies.copy(files);
      shelf.end(outcome);
      expect(await copied).toBeNull();
      expect([copies.failure, copies.canVisit]).toEqual([outcome.failure, canVisit]);
    }
  });

  it('tell why they cannot be opened for the visit either', async () => {
    const shelf = new Shelf();
    const copies = new FileCopies(shelf);
    const copied = copies.copy(files);
    shelf.end(full);
    await copied;
    expect(await copies.visit()).toBeNull();
    expect([shelf.visits, copies.failure?.kind, copies.canVisit]).toEqual([1, 'file-not-gguf', false]);
  });

  it('are not a failure when the person cancels', async () => {
    const shelf = new Shelf();
    const copies = new FileCopies(shelf);
    const copied = copies.copy(files);
    shelf.end(failed('cancelled', ''));
    await copied;
    expect(copies.failure).toBeNull();
  });
});

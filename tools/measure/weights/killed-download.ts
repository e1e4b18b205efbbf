/** A browser that is killed again and again while the app downloads a model, and what that costs. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { Result } from '../../../src/shared/protocol/failure';
import type { StoredFile, StoredModelState } from '../../../src/shared/protocol/weights';
import type { LoggedRequest } from '../../../tests/fixtures/hub/fault';
import type { Hub } from '../../../tests/fixtures/hub/hub-server';
import { mulberry32 } from '../../../workers/engine/seeded-random';
import { KillableChromium } from '../../browser/killable-chromium';
import { lengthOf, overlap, union, type Range } from './byte-ranges';
import { startWeights, valueOf } from './empty-page';
import { addLargeFile, type HubModel } from './hub-model';
import type { WeightsApp } from './weights-app';

export interface KillPlan {
  /** Bytes of each model; another is taken when one is whole before all kills are done. */
  readonly bytes: number;
  readonly kills: number;
  readonly seed: number;
  /** When a browser is killed, in ms after the page was opened: evenly between the two. */
  readonly killedAfterMs: readonly [number, number];
  /**
   * Whether it is killed only while bytes arrive: a kill that is due before waits for them, and one that is due when all are
   * here is left to the next model. Otherwise one model is killed, whatever it does, until it is ready or the kills are used up.
   */
  readonly whileArriving: boolean;
}

/** What the browser was at when it was killed, as the hub saw it. */
export type KillMoment = 'before' | 'arriving' | 'arrived';

export interface KilledDownloads {
  readonly models: number;
  /** Where each kill fell. */
  readonly moments: readonly KillMoment[];
  /** From the first start to the moment when the last model was ready, in ms. */
  readonly tookMs: number;
  /** Bytes that the hub sent, of all models. */
  readonly sentBytes: number;
  readonly modelBytes: number;
  /** For each kill: bytes that had been sent until then, and were sent again. */
  readonly refetchedBytes: readonly number[];
  /** Whether each model came to be ready, with the hub's SHA-256 for what is stored. */
  readonly isRight: boolean;
}

/** With no kill that long, something is wrong. */
const readyLimitMs = 180_000;

/** @throws Error when a download does not go on by itself after a kill */
export async function killDownloads(app: WeightsApp, hub: Hub, plan: KillPlan): Promise<KilledDownloads> {
  const random = mulberry32(plan.seed);
  const [least, most] = plan.killedAfterMs;
  const refetchedBytes: number[] = [];
  const moments: KillMoment[] = [];
  const from = performance.now();
  let sentBytes = 0;
  let models = 0;
  let isRight = true;
  let tookMs: number;
  do {
    models += 1;
    const model = await addLargeFile(hub, `sotto-measure/killed-${models}`, plan.bytes, plan.seed + models);
    const profile = await mkdtemp(join(tmpdir(), 'sotto-killed-'));
    hub.clearLog();
    try {
      const waits = function* (): Generator<number> {
        for (let left = plan.kills - refetchedBytes.length; left > 0; left -= 1)
          yield least + random() * (most - least);
      };
      const sessions = await runUntilReady(app, hub, model, profile, waits(), plan.whileArriving);
      tookMs = performance.now() - from;
      moments.push(...sessions.flatMap(({ moment }) => moment ?? []));
      refetchedBytes.push(...refetchedAfter(sessions.map(({ sent }) => sent)));
      sentBytes += sessions.flatMap(({ sent }) => sent).reduce((sum, range) => sum + lengthOf([range]), 0);
      isRight &&= await storedIsRight(app, hub, model, profile);
    } finally {
      await rm(profile, { recursive: true, force: true });
    }
  } while (plan.whileArriving && refetchedBytes.length < plan.kills);
  return { models, moments, tookMs, sentBytes, modelBytes: plan.bytes * models, refetchedBytes, isRight };
}

interface Session {
  /** What the hub sent in it. */
  readonly sent: readonly Range[];
  /** Null for the last one, which was not killed. */
  readonly moment: KillMoment | null;
}

/** Opens the app and kills it, until the model is ready or there are no more waits; then lets it end. */
async function runUntilReady(
  app: WeightsApp,
  hub: Hub,
  { manifest }: HubModel,
  profile: string,
  waits: Iterator<number>,
  whileArriving: boolean,
): Promise<Session[]> {
  const sessions: Session[] = [];
  const wantedBytes = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0);
  const arrivedBytes = (): number => lengthOf(union(...sessions.map(({ sent }) => sent), hub.log.flatMap(sentRange)));
  const momentNow = (): KillMoment => {
    if (arrivedBytes() >= wantedBytes) return 'arrived';
    return hub.counts.all.openNow > 0 ? 'arriving' : 'before';
  };
  for (let isReady = false; !isReady;) {
    let moment: KillMoment | null = null;
    const browser = await KillableChromium.start(profile);
    try {
      const { page } = browser;
      // Each time: a browser that is killed soon after has not written it down.
      await page.addInitScript((url) => localStorage.setItem('sotto.hub-url', url), hub.origin);
      if (sessions.length === 0) await begin(page, app, hub, manifest);
      await page.goto(`${app.origin}/#/chat`, { waitUntil: 'domcontentloaded' });
      const wait = waits.next();
      const limitMs: number = wait.done === true ? readyLimitMs : wait.value;
      isReady = await becomesReady(page, limitMs);
      if (!isReady && whileArriving && wait.done !== true) isReady = await passesByKill(page, momentNow);
      if (!isReady && wait.done === true)
        throw new Error(`not ready after ${readyLimitMs} ms: ${JSON.stringify(sessions.at(-1))}`);
      if (!isReady) moment = momentNow();
    } finally {
      await browser.kill();
    }
    // The hub has to hear of it before its log is read.
    await new Promise((resolve) => setTimeout(resolve, 100));
    sessions.push({ sent: hub.log.flatMap(sentRange), moment });
    hub.clearLog();
  }
  return sessions;
}

/** Waits for the moment of a kill. @returns true when there is none any more: all bytes have come, and the model is ready */
async function passesByKill(page: Page, momentNow: () => KillMoment): Promise<boolean> {
  for (const until = performance.now() + readyLimitMs; performance.now() < until;) {
    const moment = momentNow();
    if (moment === 'arriving') return false;
    if (moment === 'arrived') return becomesReady(page, readyLimitMs);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`no byte has come in ${readyLimitMs} ms`);
}

/** Notes the model as wanted, in an empty page of the app's origin: the app's own page then finds it, as after any kill. */
async function begin(page: Page, app: WeightsApp, hub: Hub, manifest: HubModel['manifest']): Promise<void> {
  await page.goto(`${app.origin}/measure/empty`);
  await startWeights(page, app, hub.origin);
  valueOf(await page.evaluate((wanted) => globalThis.callWeights<Result<null>>('download', wanted), manifest));
}

async function becomesReady(page: Page, limitMs: number): Promise<boolean> {
  for (const until = performance.now() + limitMs; performance.now() < until;) {
    const states = await page.evaluate(storedStates);
    if (states.includes('failed')) throw new Error('the download has failed');
    if (states.length > 0 && states.every((state) => state === 'ready')) return true;
    await new Promise((resolve) => setTimeout(resolve, Math.min(100, Math.max(0, until - performance.now()))));
  }
  return false;
}

/** From the database itself: asking a worker would start another. */
async function storedStates(): Promise<StoredModelState[]> {
  const name = 'sotto-weights';
  // Opening what does not exist would make it, without its stores.
  if (!(await indexedDB.databases()).some((database) => database.name === name)) return [];
  const settled = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = (): void => resolve(request.result);
      request.onerror = (): void => reject(request.error ?? new Error('no reason told'));
    });
  const database = await settled(indexedDB.open(name));
  try {
    const records = await settled(database.transaction('models').objectStore('models').getAll());
    return records.map(({ state }: { state: StoredModelState }) => state);
  } finally {
    database.close();
  }
}

function sentRange({ place, method, range, bytesWritten }: LoggedRequest): Range[] {
  if (place !== 'cdn' || method !== 'GET') return [];
  const start = Number(/^bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0);
  return [{ start, end: start + bytesWritten }];
}

/** For each session but the last: which of its bytes were sent again later. */
function refetchedAfter(sessions: readonly (readonly Range[])[]): number[] {
  let later: Range[] = [];
  const refetched: number[] = [];
  for (const session of [...sessions].reverse()) {
    const sent = union(session);
    refetched.unshift(overlap(sent, later));
    later = union(sent, later);
  }
  return refetched.slice(0, -1);
}

/** Reads the stored model through the weights worker, and hashes it in the page. */
async function storedIsRight(app: WeightsApp, hub: Hub, { manifest }: HubModel, profile: string): Promise<boolean> {
  const browser = await KillableChromium.start(profile);
  try {
    await browser.page.goto(`${app.origin}/measure/empty`);
    await startWeights(browser.page, app, hub.origin);
    const hashes = await browser.page.evaluate(hashStored, manifest.modelId);
    return JSON.stringify(valueOf(hashes)) === JSON.stringify(manifest.files.map(({ sha256 }) => sha256));
  } finally {
    await browser.kill();
  }
}

async function hashStored(modelId: string): Promise<Result<string[]>> {
  const opened = await globalThis.callWeights<Result<readonly StoredFile[]>>('open', modelId);
  if (!opened.ok) return opened;
  const hashes: string[] = [];
  for (const { blob } of opened.value) {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()));
    hashes.push([...digest].map((byte) => byte.toString(16).padStart(2, '0')).join(''));
  }
  return { ok: true, value: hashes };
}

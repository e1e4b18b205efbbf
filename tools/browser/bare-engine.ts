/**
 * The app's own engine worker with nothing around it: no client, no storage, no screen. For known answers, and as the
 * measure of what the app adds. The few messages of comlink that it needs are written by hand.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import type { GenerationOutcome, GenerationRequest, LoadedModel, LoadRequest } from '../../src/shared/protocol/engine';
import type { Result } from '../../src/shared/protocol/failure';

/** Where a build lies. */
const built = join(import.meta.dirname, '../../dist');

export interface BareAnswer {
  readonly text: string;
  readonly outcome: GenerationOutcome;
}

declare global {
  /** Inside the bare page: calls the worker; text events of the last call are joined in `bareText`. */
  var callBareEngine: (name: string, ...given: unknown[]) => Promise<unknown>;
  var bareText: string;
  /** What benchmarks have told since the last call of `ask`. */
  var bareEvents: unknown[];
}

/** Of the build in a folder, from the origin. */
export function engineWorkerPath(dist = built): string {
  const worker = readdirSync(join(dist, 'engine-worker')).find((name) => /^engine\.worker-.*\.js$/.test(name));
  if (worker === undefined) throw new Error(`${dist} has no engine worker: build first`);
  return `/engine-worker/${worker}`;
}

export function startInPage(workerPath: string): void {
  const worker = new Worker(workerPath, { type: 'module' });
  const waiting = new Map<string, (value: unknown) => void>();
  globalThis.bareText = '';
  globalThis.bareEvents = [];
  worker.onmessage = ({
    data,
  }: MessageEvent<{
    id?: string;
    value?: unknown;
    event?: { type: string; text?: string; event?: unknown };
  }>) => {
    if (data.event?.type === 'text') globalThis.bareText += data.event.text ?? '';
    if (data.event?.type === 'benchmark') globalThis.bareEvents.push(data.event.event);
    if (data.id !== undefined) waiting.get(data.id)?.(data.value);
  };
  globalThis.callBareEngine = (name, ...given) =>
    new Promise((resolve, reject) => {
      worker.onerror = ({ message }) => reject(new Error(message || 'the engine worker died'));
      const id = crypto.randomUUID();
      waiting.set(id, resolve);
      globalThis.bareText = '';
      const argumentList = given.map((value) => ({ type: 'RAW', value }));
      worker.postMessage({ id, type: 'APPLY', path: [name], argumentList });
    });
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.failure.kind}: ${result.failure.technical}`);
  return result.value;
}

export class BareEngine {
  private constructor(private readonly page: Page) {}

  /** @param origin where the built app is served */
  static async open(context: BrowserContext, origin: string): Promise<BareEngine> {
    const worker = engineWorkerPath();
    const page = await context.newPage();
    // An empty page of the app's origin, isolated like the app, without its policy of which scripts may start workers.
    await page.route(`${origin}/bare`, (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: '<!doctype html><title>bare engine</title>',
        headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
      }),
    );
    await page.goto(`${origin}/bare`);
    await page.evaluate(startInPage, worker);
    return new BareEngine(page);
  }

  /** @param address of the model file, on the same origin */
  async load(address: string, request: Omit<LoadRequest, 'files'>): Promise<LoadedModel> {
    const result = await this.page.evaluate(
      async ([url, load]) => {
        const file = await (await fetch(url)).blob();
        return globalThis.callBareEngine('load', { ...load, files: [file] });
      },
      [address, request] as const,
    );
    return valueOf(result as Result<LoadedModel>);
  }

  async generate(request: Omit<GenerationRequest, 'jobId'>): Promise<BareAnswer> {
    await this.page.bringToFront();
    const [result, text] = await this.page.evaluate(async (job) => {
      const outcome = await globalThis.callBareEngine('generate', { ...job, jobId: 'bare' });
      return [outcome, globalThis.bareText] as const;
    }, request);
    return { text, outcome: valueOf(result as Result<GenerationOutcome>) };
  }

  /** Any other call, with one argument. @returns its outcome, and the events of a benchmark that were pushed meanwhile */
  async ask<T>(name: string, argument: unknown): Promise<{ readonly value: T; readonly events: readonly unknown[] }> {
    await this.page.bringToFront();
    const [result, events] = await this.page.evaluate(
      async ([verb, given]) => {
        globalThis.bareEvents = [];
        const outcome = await globalThis.callBareEngine(verb, given);
        return [outcome, globalThis.bareEvents] as const;
      },
      [name, argument] as const,
    );
    return { value: valueOf(result as Result<T>), events };
  }

  /** Lets a file of this machine be fetched under an address of the app's origin. */
  async offer(address: string, path: string): Promise<void> {
    await this.page.route(address, (route) => route.fulfill({ path, contentType: 'application/octet-stream' }));
  }
}

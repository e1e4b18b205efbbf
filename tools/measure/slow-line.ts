/** A first visit over a mobile line: when the first answer begins, and what has gone over the line by then and until quiet. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { startStaticServer } from '../../tests/fixtures/static-server';
import { chromiumFlags, findChromium } from '../browser/find-browsers';
import { visit } from './first-token';
import { rounded, seconds, type Row } from './row';

/** 1.6 Mbit/s and 150 ms: a slow mobile network, as browsers' own tools imitate it. */
const line = { bytesPerSecond: 200_000, latencyMs: 150 } as const;
const targetMs = 25_000;

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

export const measureSlowLine = async (): Promise<readonly Row[]> => [await firstVisit(true), await firstVisit(false)];

async function firstVisit(compresses: boolean): Promise<Row> {
  const folder = join(import.meta.dirname, '../../dist');
  const server = await startStaticServer({ folder, caching: 'documented', compresses, line });
  const profile = await mkdtemp(join(tmpdir(), 'sotto-slow-line-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: findChromium(),
    args: chromiumFlags,
  });
  let untilAnswer = 0;
  const { firstWordMs, composerMs } = await visit(context, server.origin, {
    // What the end of an answer brings comes before the page goes.
    stay: 5000,
    timeout: 180_000,
    onFirstWord: () => (untilAnswer = server.sentBytes),
  });
  const page = await context.newPage();
  await page.goto(`${server.origin}/#/settings`);
  await page.getByText('Sotto works offline').waitFor({ timeout: 300_000 });
  const twice = server.sent.filter((path, index) => server.sent.indexOf(path) !== index);
  await context.close();
  await server.close();
  await rm(profile, { recursive: true, force: true });
  return {
    quantity: `first visit on a slow line to first token of a Guide answer, host ${compresses ? 'compresses' : 'does not compress'}`,
    target: `≤ ${targetMs / 1000} s`,
    measured: seconds(firstWordMs),
    met: firstWordMs <= targetMs,
    samples: [rounded(firstWordMs, 4)],
    conditions:
      '200 kB/s for all connections together, 150 ms before each answer; empty profile, new browser; the question typed as soon as there is a box',
    details: {
      composerReadyMs: Math.round(composerMs),
      sentUntilFirstAnswer: megabytes(untilAnswer),
      sentUntilStored: megabytes(server.sentBytes),
      sentTwice: twice,
    },
  };
}

import { startHub, type Hub } from '../../../tests/fixtures/hub/hub-server';
import { chunkBytes } from '../../../workers/weights/store/chunk-layout';
import { rounded, seconds, type Row } from '../row';
import { killDownloads, type KilledDownloads, type KillMoment } from './killed-download';
import { connections, kills, limitBytesPerSecond, megabyteText, modelBytes, seed, sizeText } from './scale';
import { serveWeightsApp, type WeightsApp } from './weights-app';

const killedAfterMs = [500, 3000] as const;

/** The chunk in hand and the one being written, on each open connection, have to come again. */
export const mostRefetchedBytes = connections * 2 * chunkBytes;

export const meanRefetchedBytes = ({ sentBytes, modelBytes: wanted, refetchedBytes }: KilledDownloads): number =>
  (sentBytes - wanted) / refetchedBytes.length;

/** A short one for an end-to-end test: about half a minute. The hub and a build of the app for it come with it. */
export async function killBriefly(): Promise<KilledDownloads> {
  const [app, hub] = [await serveWeightsApp(), await startHub({ bytesPerSecond: limitBytesPerSecond })];
  try {
    const plan = { bytes: 96 * 1024 ** 2, kills: 3, seed, killedAfterMs: [500, 2000], whileArriving: true } as const;
    return await killDownloads(app, hub, plan);
  } finally {
    await app.close();
    await hub.close();
  }
}

export async function measureWeightsKilled(): Promise<readonly Row[]> {
  const [app, hub] = [await serveWeightsApp(), await startHub({ bytesPerSecond: limitBytesPerSecond })];
  try {
    console.log(`random kills with MEASURE_WEIGHTS_SEED=${seed}`);
    const plan = { bytes: modelBytes, kills, seed, killedAfterMs, whileArriving: true };
    const killed = await killDownloads(app, hub, plan);
    const { refetchedBytes, isRight, models, sentBytes, moments } = killed;
    const worst = Math.max(...refetchedBytes);
    const mean = meanRefetchedBytes(killed);
    return [
      {
        quantity: 'killed (SIGKILL) while weights were downloaded',
        target: `every model whole with the right SHA-256; ≤ the chunk in hand and the one being written per connection (${megabyteText(mostRefetchedBytes)}) fetched again for each kill`,
        measured: `${isRight ? 'right' : 'WRONG'} after ${refetchedBytes.length} kills; ${megabyteText(mean)} again on average, ${megabyteText(worst)} at worst`,
        met: isRight && worst <= mostRefetchedBytes && mean <= mostRefetchedBytes,
        samples: refetchedBytes.map((bytes) => rounded(bytes / 1e6)),
        conditions: `the app's own page, ${sizeText} at ${megabyteText(limitBytesPerSecond)}/s over all connections, ${models} models one after the other; the whole browser is killed ${killedAfterMs.join(' to ')} ms after the page is open, or when the first byte comes after that, and started again with the same profile; ${momentsText(moments)}; samples are MB that were sent before a kill and again after it`,
        details: {
          seed,
          models,
          sentBytes,
          modelBytes: killed.modelBytes,
          meanBytes: Math.round(mean),
          worstBytes: worst,
        },
      },
      await measureHash(app, hub),
    ];
  } finally {
    await app.close();
    await hub.close();
  }
}

const momentNames: Readonly<Record<KillMoment, string>> = {
  before: 'before the first byte',
  arriving: 'while bytes came',
  arrived: 'when all bytes had come',
};

/** "50 kills while bytes came" */
const momentsText = (moments: readonly KillMoment[]): string =>
  (['before', 'arriving', 'arrived'] as const)
    .map((moment) => ({ moment, count: moments.filter((one) => one === moment).length }))
    .filter(({ count }) => count > 0)
    .map(({ moment, count }) => `${count} kills ${momentNames[moment]}`)
    .join(', ');

/** Longer than it takes in any case. */
const mostKills = 200;
const lifeMs = 3000;

/** A file that takes longer to hash than any browser lives, on a line without a limit. */
async function measureHash(app: WeightsApp, hub: Hub): Promise<Row> {
  hub.set({ bytesPerSecond: null });
  const bytes = 4 * modelBytes;
  const plan = { bytes, kills: mostKills, seed, killedAfterMs: [lifeMs, lifeMs], whileArriving: false } as const;
  const killed = await killDownloads(app, hub, plan);
  const { isRight, moments, tookMs } = killed;
  const refetched = killed.refetchedBytes.reduce((sum, again) => sum + again, 0);
  return {
    quantity: 'killed (SIGKILL) every three seconds while weights were downloaded and hashed',
    target: `ready, with the right SHA-256, before ${mostKills} kills`,
    measured: `${isRight ? 'right' : 'WRONG'} after ${moments.length} kills and ${seconds(tookMs)}`,
    met: isRight && moments.length < mostKills,
    samples: [moments.length],
    conditions: `the app's own page, ${megabyteText(bytes)} on a line without a limit; the whole browser is killed ${lifeMs} ms after the page is open and started again with the same profile; ${momentsText(moments)}`,
    details: { seed, bytes, tookMs: Math.round(tookMs), refetchedBytes: refetched },
  };
}

import { startHub } from '../../../tests/fixtures/hub/hub-server';
import { chunkBytes } from '../../../workers/weights/store/chunk-layout';
import { rounded, type Row } from '../row';
import { killDownloads, type KilledDownloads } from './killed-download';
import { connections, kills, limitBytesPerSecond, megabyteText, modelBytes, seed, sizeText } from './scale';
import { serveWeightsApp } from './weights-app';

const killedAfterMs = [500, 3000] as const;

/** The chunk in hand and the one being written, on each open connection, have to come again. */
export const mostRefetchedBytes = connections * 2 * chunkBytes;

export const meanRefetchedBytes = ({ sentBytes, modelBytes: wanted, refetchedBytes }: KilledDownloads): number =>
  (sentBytes - wanted) / refetchedBytes.length;

/** A short one for an end-to-end test: about half a minute. The hub and a build of the app for it come with it. */
export async function killBriefly(): Promise<KilledDownloads> {
  const [app, hub] = [await serveWeightsApp(), await startHub({ bytesPerSecond: limitBytesPerSecond })];
  try {
    return await killDownloads(app, hub, { bytes: 96 * 1024 ** 2, kills: 3, seed, killedAfterMs: [500, 2000] });
  } finally {
    await app.close();
    await hub.close();
  }
}

export async function measureWeightsKilled(): Promise<readonly Row[]> {
  const [app, hub] = [await serveWeightsApp(), await startHub({ bytesPerSecond: limitBytesPerSecond })];
  try {
    console.log(`random kills with MEASURE_WEIGHTS_SEED=${seed}`);
    const killed = await killDownloads(app, hub, { bytes: modelBytes, kills, seed, killedAfterMs });
    const { refetchedBytes, isRight, models, sentBytes } = killed;
    const worst = Math.max(...refetchedBytes);
    const mean = meanRefetchedBytes(killed);
    return [
      {
        quantity: 'killed (SIGKILL) while weights were downloaded',
        target: `every model whole with the right SHA-256; ≤ the chunk in hand and the one being written per connection (${megabyteText(mostRefetchedBytes)}) fetched again for each kill`,
        measured: `${isRight ? 'right' : 'WRONG'} after ${refetchedBytes.length} kills; ${megabyteText(mean)} again on average, ${megabyteText(worst)} at worst`,
        met: isRight && worst <= mostRefetchedBytes && mean <= mostRefetchedBytes,
        samples: refetchedBytes.map((bytes) => rounded(bytes / 1e6)),
        conditions: `the app's own page, ${sizeText} at ${megabyteText(limitBytesPerSecond)}/s over all connections, ${models} models one after the other; the whole browser is killed ${killedAfterMs.join(' to ')} ms after the page is open and started again with the same profile; samples are MB that were sent before a kill and again after it`,
        details: {
          seed,
          models,
          sentBytes,
          modelBytes: killed.modelBytes,
          meanBytes: Math.round(mean),
          worstBytes: worst,
        },
      },
    ];
  } finally {
    await app.close();
    await hub.close();
  }
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { startHub, type Hub } from '../../../tests/fixtures/hub/hub-server';
import { chunkBytes } from '../../../workers/weights/store/chunk-layout';
import { median, ratio, rounded, roundedAll, spreadOf, type Row } from '../row';
import { bareFetch } from './bare-fetch';
import { processorSecondsOf } from './browser-processes';
import { download, inFreshBrowser, startWeights } from './empty-page';
import { addLargeFile, type HubModel } from './hub-model';
import { inMegabytes, MemoryWatch, type MemoryRise } from './memory-watch';
import { connections, limitBytesPerSecond, megabyteText, modelBytes, rounds, seed, sizeText } from './scale';
import { serveWeightsApp, type WeightsApp } from './weights-app';

/** Watched ones are apart from the timed ones: watching takes time, too. */
const watchedRounds = 2;
const mostBeyondChunks = 64e6;
/** One for each connection; another of each may be on its way into the store. */
const chunksInHand = connections * chunkBytes;

interface Taken {
  readonly ms: number;
  /** Processor time by the kind of process. */
  readonly processorSeconds: Readonly<Record<string, number>>;
  readonly memory: MemoryRise | null;
}

type Side = 'ours' | 'bare';
type Samples = Record<Side, { readonly timed: Taken[]; readonly watched: Taken[] }>;

class Downloads {
  constructor(
    private readonly app: WeightsApp,
    private readonly hub: Hub,
    private readonly model: HubModel,
  ) {}

  /** In a fresh profile: nothing of it is stored yet. */
  async take(side: Side, isWatched: boolean): Promise<Taken> {
    const profile = await mkdtemp(join(tmpdir(), 'sotto-download-'));
    try {
      return await inFreshBrowser(profile, this.app, 'empty', async (page) => {
        if (side === 'ours') await startWeights(page, this.app, this.hub.origin);
        const memory = isWatched ? await MemoryWatch.start(profile) : null;
        const before = await processorSecondsOf(profile);
        const ms = await this.#run(side, page);
        const after = await processorSecondsOf(profile);
        const spent = Object.entries(after).map(([kind, seconds]) => [kind, rounded(seconds - (before[kind] ?? 0))]);
        return {
          ms,
          processorSeconds: Object.fromEntries(spent),
          memory: memory ? await memory.stop() : null,
        };
      });
    } finally {
      await rm(profile, { recursive: true, force: true });
    }
  }

  #run(side: Side, page: Page): Promise<number> {
    return side === 'ours'
      ? download(page, this.model.manifest)
      : bareFetch(page, this.model.urls[0] ?? '', modelBytes);
  }
}

async function samplesOf(bytesPerSecond: number | null): Promise<Samples> {
  const [app, hub] = [await serveWeightsApp(), await startHub({ bytesPerSecond })];
  try {
    const downloads = new Downloads(app, hub, await addLargeFile(hub, 'sotto-measure/large', modelBytes, seed));
    const samples: Samples = { ours: { timed: [], watched: [] }, bare: { timed: [], watched: [] } };
    for (let round = 0; round < rounds + watchedRounds; round += 1) {
      const isWatched = round >= rounds;
      // A B, B A: a machine that grows slower or faster does so for both.
      const order = round % 2 === 0 ? (['ours', 'bare'] as const) : (['bare', 'ours'] as const);
      for (const side of order)
        samples[side][isWatched ? 'watched' : 'timed'].push(await downloads.take(side, isWatched));
    }
    const { openMost } = hub.counts.all;
    if (openMost !== connections) throw new Error(`${openMost} connections instead of ${connections}`);
    return samples;
  } finally {
    await app.close();
    await hub.close();
  }
}

const conditions = `${sizeText} in one file from a hub on this machine, with the redirect to another origin; the built weights worker from the call until the model is stored and its SHA-256 compared, ${connections} connections, chunks of ${chunkBytes / 1024 ** 2} MiB; against one fetch in a worker that throws the same bytes away; a fresh profile each time, taken in turn A B B A`;

function speedRow(quantity: string, target: number, samples: Samples, network: string): Row {
  const times = (side: Side): number[] => samples[side].timed.map(({ ms }) => ms);
  const ratios = times('bare').map((ms, round) => ms / (times('ours')[round] ?? Number.NaN));
  const bySide = <T>(figure: (side: Side) => T): Record<Side, T> => ({ ours: figure('ours'), bare: figure('bare') });
  return {
    quantity,
    target: `≥ ${target.toFixed(2)}`,
    measured: ratio(median(ratios)),
    met: median(ratios) >= target,
    samples: roundedAll(ratios),
    conditions: `${conditions}; ${network}; median of the rounds' ratios`,
    details: {
      spread: spreadOf(ratios),
      megabytesPerSecond: bySide((side) => rounded(modelBytes / 1000 / median(times(side)))),
      milliseconds: bySide((side) => roundedAll(times(side))),
      processorSeconds: bySide((side) => samples[side].timed.map((taken) => taken.processorSeconds)),
      memoryInMegabytes: bySide((side) => memoryOf(samples, side).map(inMegabytes)),
    },
  };
}

const memoryOf = (samples: Samples, side: Side): MemoryRise[] =>
  samples[side].watched.flatMap(({ memory }) => memory ?? []);

function memoryRow(quantity: string, samples: Samples, network: string): Row {
  const rises = memoryOf(samples, 'ours').map(({ riseBytes }) => riseBytes);
  const beyond = Math.max(...rises) - chunksInHand;
  return {
    quantity,
    target: `≤ ${megabyteText(mostBeyondChunks)} beyond the chunks in hand (${megabyteText(chunksInHand)})`,
    measured: `${megabyteText(beyond)} beyond`,
    met: beyond <= mostBeyondChunks,
    samples: rises.map((bytes) => rounded(bytes / 1e6)),
    conditions: `${conditions}; ${network}; proportional share of memory (PSS) of all the browser's processes, each 100 ms, highest over idle, in MB with the chunks in hand; the worst round`,
    details: {
      ours: memoryOf(samples, 'ours').map(inMegabytes),
      bare: memoryOf(samples, 'bare').map(inMegabytes),
    },
  };
}

export async function measureWeightsDownloadLimited(): Promise<readonly Row[]> {
  const samples = await samplesOf(limitBytesPerSecond);
  const network = `the hub sends ${megabyteText(limitBytesPerSecond)}/s over all connections`;
  return [
    speedRow('speed of a download on a limited network, against a bare fetch', 0.95, samples, network),
    memoryRow('memory while weights are downloaded on a limited network', samples, network),
  ];
}

export async function measureWeightsDownloadUnlimited(): Promise<readonly Row[]> {
  const samples = await samplesOf(null);
  const network = 'the hub sends as fast as it can, on the same processor';
  return [speedRow('speed of a download on a network without limit, against a bare fetch', 0.3, samples, network)];
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mulberry32 } from '../../../workers/engine/seeded-random';
import { startHub, type Hub } from '../../../tests/fixtures/hub/hub-server';
import { median, rounded, roundedAll, spreadOf, type Row } from '../row';
import { bytesReadBy } from './browser-processes';
import { inFreshBrowser } from './empty-page';
import { addModel, type HubModel } from './hub-model';
import { inMegabytes, MemoryWatch, type MemoryRise } from './memory-watch';
import { ourStore, webLlmCache, type Reading, type ReadSubject } from './read-subjects';
import { megabyteText, modelBytes, rounds, seed, sizeText } from './scale';
import { serveWeightsApp, type WeightsApp } from './weights-app';

const MiB = 1024 ** 2;
/** MLC cuts its shards at 32 MiB: what is in hand while one is read. */
const shardBytes = 32 * MiB;

interface Taken extends Reading {
  /** That the browser has read from files and pipes, for each byte of the model. */
  readonly readPerByte: number;
}

/** Shards of 24 to 32 MiB, as MLC cuts them. */
async function addShards(hub: Hub): Promise<HubModel> {
  const random = mulberry32(seed);
  const files: { path: string; bytes: number; seed: number }[] = [];
  for (let left = modelBytes; left > 0;) {
    const bytes = Math.min(left, 24 * MiB + Math.floor(random() * 8 * MiB));
    files.push({ path: `params_shard_${files.length}.bin`, bytes, seed: files.length });
    left -= bytes;
  }
  return addModel(hub, 'sotto-measure/shards', 'mlc', files);
}

class Reader {
  constructor(
    private readonly folder: string,
    private readonly app: WeightsApp,
    private readonly hub: Hub,
  ) {}

  profile({ name }: ReadSubject): string {
    return join(this.folder, name);
  }

  async fill(subject: ReadSubject): Promise<void> {
    await inFreshBrowser(this.profile(subject), this.app, subject.pageName, (page) => subject.fill(page));
  }

  async time(subject: ReadSubject): Promise<Taken> {
    const profile = this.profile(subject);
    const sent = this.hub.counts.all.requests;
    const taken = await inFreshBrowser(profile, this.app, subject.pageName, async (page) => {
      await subject.prepare(page);
      const before = await bytesReadBy(profile);
      const reading = await subject.read(page);
      return { ...reading, readPerByte: ((await bytesReadBy(profile)) - before) / modelBytes };
    });
    if (taken.bytes !== modelBytes) throw new Error(`${subject.name} read ${taken.bytes} of ${modelBytes} bytes`);
    if (this.hub.counts.all.requests !== sent) throw new Error(`${subject.name} has asked the network`);
    return taken;
  }

  /** Apart from the timed rounds: watching takes time, too. */
  async watch(subject: ReadSubject): Promise<MemoryRise> {
    const profile = this.profile(subject);
    return inFreshBrowser(profile, this.app, subject.pageName, async (page) => {
      await subject.prepare(page);
      const memory = await MemoryWatch.start(profile);
      await subject.read(page);
      return memory.stop();
    });
  }
}

export async function measureWeightsRead(): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-read-'));
  const [app, hub] = [await serveWeightsApp(), await startHub()];
  try {
    const model = await addShards(hub);
    const ours = ourStore(app, hub.origin, model);
    const caches = (['indexeddb', 'cache', 'opfs'] as const).map((type) => webLlmCache(type, model));
    const subjects = [ours, ...caches];
    const reader = new Reader(folder, app, hub);
    for (const subject of subjects) await reader.fill(subject);
    const taken = new Map<ReadSubject, Taken[]>(subjects.map((subject) => [subject, []]));
    const memory = new Map<ReadSubject, MemoryRise[]>(subjects.map((subject) => [subject, []]));
    for (let round = 0; round < rounds; round += 1) {
      // There and back: a machine that grows slower or faster does so for all.
      const order = round % 2 === 0 ? subjects : [...subjects].reverse();
      for (const subject of order) taken.get(subject)?.push(await reader.time(subject));
      if (round < 2) for (const subject of order) memory.get(subject)?.push(await reader.watch(subject));
    }
    return rowsOf(model, ours, caches, taken, memory);
  } finally {
    await app.close();
    await hub.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function rowsOf(
  { urls }: HubModel,
  ours: ReadSubject,
  caches: readonly ReadSubject[],
  taken: ReadonlyMap<ReadSubject, readonly Taken[]>,
  memory: ReadonlyMap<ReadSubject, readonly MemoryRise[]>,
): Row[] {
  const of = (subject: ReadSubject): readonly Taken[] => taken.get(subject) ?? [];
  const riseOf = (subject: ReadSubject): number[] => (memory.get(subject) ?? []).map(({ riseBytes }) => riseBytes);
  const ratios = (subject: ReadSubject): number[] =>
    of(subject).map(({ ms }, round) => ms / (of(ours)[round]?.ms ?? Number.NaN));
  const bySubject = <T>(figure: (subject: ReadSubject) => T): Record<string, T> =>
    Object.fromEntries([ours, ...caches].map((subject) => [subject.name, figure(subject)]));
  const conditions = `${sizeText} in ${urls.length} shards of 24 to 32 MiB, read once from front to back by a page that lets each go; WebLLM 0.2.86's own caches as a warm load uses them (hasAllKeys, then fetchWithCache for each shard); a fresh browser each time, the system's cache as it is; taken in turn there and back`;
  const toIndexedDb = caches[0] ? ratios(caches[0]) : [];
  const readPerByte = of(ours).map((one) => one.readPerByte);
  const worstRise = Math.max(...riseOf(ours));
  return [
    {
      quantity: 'reading stored weights, against WebLLM’s IndexedDB cache',
      target: '≥ 5 × faster',
      measured: `${median(toIndexedDb).toFixed(1)} ×`,
      met: median(toIndexedDb) >= 5,
      samples: roundedAll(toIndexedDb),
      conditions: `${conditions}; median of the rounds' ratios`,
      details: {
        megabytesPerSecond: bySubject((subject) =>
          rounded(modelBytes / 1000 / median(of(subject).map(({ ms }) => ms))),
        ),
        timesFaster: Object.fromEntries(
          caches.map((cache) => [
            cache.name,
            { median: rounded(median(ratios(cache))), spread: spreadOf(ratios(cache)) },
          ]),
        ),
        milliseconds: bySubject((subject) => roundedAll(of(subject).map(({ ms }) => ms))),
      },
    },
    {
      quantity: 'bytes read for each byte of stored weights',
      target: 'each once: ≤ 1.05',
      measured: median(readPerByte).toFixed(2),
      met: median(readPerByte) <= 1.05,
      samples: roundedAll(readPerByte),
      conditions: `${conditions}; all that the browser's processes have asked the system to read meanwhile, their pipes included`,
      details: bySubject((subject) => roundedAll(of(subject).map((one) => one.readPerByte))),
    },
    {
      quantity: 'memory while stored weights are read',
      target: `≤ one shard (${megabyteText(shardBytes)}) beyond the one in hand`,
      measured: `${megabyteText(worstRise - shardBytes)} beyond the one in hand`,
      met: worstRise <= 2 * shardBytes,
      samples: riseOf(ours).map((bytes) => rounded(bytes / 1e6)),
      conditions: `${conditions}; proportional share of memory (PSS) of all the browser's processes, each 100 ms, highest over idle, in MB with the shard in hand; the worst round`,
      details: bySubject((subject) => (memory.get(subject) ?? []).map(inMegabytes)),
    },
  ];
}

import encodingWorkerUrl from '../../../workers/text-encoding.worker.ts?worker&url';
import {
  choicesFrom,
  possibleTexts,
  tellingSample,
  type EncodingApi,
  type RankedEncodings,
} from '../../shared/domain/text-encoding';
import { startWorker } from '../../shared/platform/trusted-worker';
import { WorkerHandle } from '../../shared/platform/worker-handle';

/** The detector takes some milliseconds; its worker, a megabyte of statistics on languages, may have to be loaded first. */
const limitMs = 20_000;

/** Asked without a detector's opinion: all encodings in which the bytes are a text. */
const unranked = (sample: Uint8Array): RankedEncodings => ({
  choices: choicesFrom(possibleTexts(sample)),
  sure: false,
});

/** Which encodings bytes may be in that tell nothing of it. Never rejects: where the detector cannot run, a person is asked. */
export async function likelyEncodings(bytes: Uint8Array): Promise<RankedEncodings> {
  const sample = tellingSample(bytes);
  const worker = new WorkerHandle<EncodingApi>({
    start: () => startWorker(encodingWorkerUrl, 'text-encoding'),
    name: 'the detector of encodings',
    crashed: 'unexpected',
  });
  const timer = setTimeout(() => worker.end(), limitMs);
  try {
    return await worker.start().rankEncodings(sample);
  } catch {
    return unranked(sample);
  } finally {
    clearTimeout(timer);
    worker.end();
  }
}

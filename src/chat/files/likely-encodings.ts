import encodingWorkerUrl from '../../../workers/text-encoding.worker.ts?worker&url';
import { choicesFrom, possibleTexts, tellingSample, type RankedEncodings } from '../../shared/domain/text-encoding';
import { startWorker } from '../../shared/platform/trusted-worker';

/** The detector takes some milliseconds; its worker, a megabyte of statistics on languages, may have to be loaded first. */
const limitMs = 20_000;

/** Asked without a detector's opinion: all encodings in which the bytes are a text. */
const unranked = (sample: Uint8Array): RankedEncodings => ({
  choices: choicesFrom(possibleTexts(sample)),
  sure: false,
});

/** Which encodings bytes may be in that tell nothing of it. Never rejects: where the detector cannot run, a person is asked. */
export function likelyEncodings(bytes: Uint8Array): Promise<RankedEncodings> {
  const sample = tellingSample(bytes);
  return new Promise((resolve) => {
    let worker: Worker;
    try {
      worker = startWorker(encodingWorkerUrl, 'text-encoding');
    } catch {
      resolve(unranked(sample));
      return;
    }
    const end = (ranked: RankedEncodings): void => {
      clearTimeout(timer);
      worker.terminate();
      resolve(ranked);
    };
    const timer = setTimeout(() => end(unranked(sample)), limitMs);
    worker.onerror = (event): void => {
      event.preventDefault();
      end(unranked(sample));
    };
    worker.onmessage = ({ data }: MessageEvent<RankedEncodings>): void => end(data);
    worker.postMessage(sample);
  });
}

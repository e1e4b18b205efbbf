/** The page's side of the worker for files of the Lab. Each piece of work gets a worker of its own, which ends with it. */
import setFilesWorkerUrl from '../../../workers/set-files.worker.ts?worker&url';
import { startWorker } from '../../shared/platform/trusted-worker';
import { WorkerHandle } from '../../shared/platform/worker-handle';
import { FailureError, type Result } from '../../shared/protocol/failure';
import type { SetFilesApi, SetProgress } from '../../shared/protocol/set-files';

interface Watch {
  /** Ends the work at once: what was asked rejects then. */
  readonly signal?: AbortSignal;
  readonly progress?: (progress: SetProgress) => void;
}

/**
 * @param work what the worker is asked
 * @throws FailureError with what the worker says, `part-unreachable`, or `cancelled`
 */
export async function withSetFiles<Value>(
  work: (files: SetFilesApi) => Promise<Result<Value>>,
  { signal, progress = () => {} }: Watch = {},
): Promise<Value> {
  const worker = new WorkerHandle<SetFilesApi, SetProgress>({
    start: () => startWorker(setFilesWorkerUrl, 'files of the Lab'),
    name: 'the worker for files of the Lab',
    crashed: 'unexpected',
    hear: progress,
  });
  const cancel = (): void => worker.end({ kind: 'cancelled', technical: 'by the person' });
  signal?.addEventListener('abort', cancel);
  try {
    const result = await work(worker.start());
    if (!result.ok) throw new FailureError(result.failure);
    return result.value;
  } finally {
    signal?.removeEventListener('abort', cancel);
    worker.end();
  }
}

import pictureWorkerUrl from '../../../workers/pictures.worker.ts?worker&url';
import { failed, failureFrom, type Result } from '../../shared/protocol/failure';
import type { PicturesApi, PreparedPicture } from '../../shared/protocol/pictures';
import { drawPicture, type MakeCanvas } from '../../shared/platform/draw-picture';
import { startWorker } from '../../shared/platform/trusted-worker';
import { WorkerHandle } from '../../shared/platform/worker-handle';

/** The largest that is taken needs some seconds on a slow phone. */
const limitMs = 30_000;

/** For browsers whose workers cannot draw. */
const canvasOfPage: MakeCanvas = (width, height) => {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d');
  const encode = (type: string, quality?: number): Promise<Blob> =>
    new Promise((resolve, reject) => {
      const take = (blob: Blob | null): void => (blob ? resolve(blob) : reject(new Error('the canvas gave no file')));
      canvas.toBlob(take, type, quality);
    });
  return context && { context, encode };
};

/**
 * In a worker of its own, which is ended with the picture. Never rejects.
 * @param name for the words of a failure
 * @param signal ends it, with the failure `cancelled`
 */
export async function preparePicture(file: Blob, name: string, signal?: AbortSignal): Promise<Result<PreparedPicture>> {
  const worker = new WorkerHandle<PicturesApi>({
    start: () => startWorker(pictureWorkerUrl, 'pictures'),
    name: 'the worker for pictures',
    crashed: 'picture-unreadable',
  });
  const timer = setTimeout(
    () => worker.end({ kind: 'picture-too-large', technical: `not drawn within ${limitMs} ms`, subject: name }),
    limitMs,
  );
  const stop = (): void => worker.end({ kind: 'cancelled', technical: 'the picture was removed' });
  signal?.addEventListener('abort', stop);
  try {
    const drawn = await worker.start().prepare(file, name);
    return (
      drawn ??
      (await drawPicture(file, name, canvasOfPage)) ??
      failed('picture-unreadable', 'no canvas', { subject: name })
    );
  } catch (error) {
    return { ok: false, failure: { subject: name, ...failureFrom(error, 'attachment-unreadable') } };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
    worker.end();
  }
}

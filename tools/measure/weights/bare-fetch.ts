/** The most that any download could reach: the same bytes fetched and thrown away. */
import type { Page } from '@playwright/test';

/** Runs in a worker of its own, as our download does. */
const script = `onmessage = async ({ data: url }) => {
  const startedAt = performance.now();
  const reader = (await fetch(url, { cache: 'no-store' })).body.getReader();
  let bytes = 0;
  for (let part; !(part = await reader.read()).done;) bytes += part.value.length;
  postMessage({ bytes, ms: performance.now() - startedAt });
};`;

/** @returns ms until the last byte came. @throws Error when they were not as many as there should be */
export async function bareFetch(page: Page, url: string, bytes: number): Promise<number> {
  const fetched = await page.evaluate(
    ([source, address]) =>
      new Promise<{ bytes: number; ms: number }>((resolve, reject) => {
        const worker = new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
        worker.onmessage = ({ data }: MessageEvent<{ bytes: number; ms: number }>) => resolve(data);
        worker.onerror = ({ message }) => reject(new Error(message || 'the fetching worker died'));
        worker.postMessage(address);
      }),
    [script, url] as const,
  );
  if (fetched.bytes !== bytes) throw new Error(`fetched ${fetched.bytes} of ${bytes} bytes`);
  return fetched.ms;
}

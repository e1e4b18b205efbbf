/** Weights that ship with the app, fetched by the real weights worker: only the right bytes are let through. */
import { describe, expect, it } from 'vitest';
import weightsWorkerUrl from '../../workers/weights.worker.ts?worker&url';
import { startWorker } from '../../src/shared/platform/trusted-worker';
import { WeightsClient } from '../../src/models/shelf/weights-client';

const settings = () => ({ hubUrl: 'https://huggingface.co' });
const client = new WeightsClient(() => startWorker(weightsWorkerUrl, 'weights'), settings);
const url = new URL('/icons/sotto.svg', location.href).href;

async function facts(): Promise<{ bytes: number; sha256: string }> {
  const content = await (await fetch(url)).arrayBuffer();
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', content));
  return {
    bytes: content.byteLength,
    sha256: [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
  };
}

describe('built-in weights', () => {
  it('are handed out when length and hash are right', async () => {
    const { bytes, sha256 } = await facts();
    const result = await client.openBuiltIn({ url, bytes, sha256 });
    expect(result.ok && result.value.size).toBe(bytes);
  });

  it('are refused with a wrong hash, and with a page of HTML in their place', async () => {
    const { bytes } = await facts();
    expect(await client.openBuiltIn({ url, bytes, sha256: '0'.repeat(64) })).toMatchObject({
      failure: { kind: 'download-wrong' },
    });
    const page = new URL('/some-page', location.href).href;
    const answer = await client.openBuiltIn({ url: page, bytes, sha256: '0'.repeat(64) });
    expect(answer.ok).toBe(false);
  });

  it('are refused when the host cannot be reached', async () => {
    const nowhere = 'http://127.0.0.1:9/models/guide.gguf';
    expect(await client.openBuiltIn({ url: nowhere, bytes: 1, sha256: '' })).toMatchObject({
      failure: { kind: 'part-unreachable' },
    });
  });

  it('answer also when their worker cannot start', async () => {
    const missing = new WeightsClient(() => startWorker('/no-such-worker.js', 'missing'), settings);
    expect((await missing.openBuiltIn({ url, bytes: 1, sha256: '' })).ok).toBe(false);
  });
});

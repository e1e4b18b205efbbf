import { expect, it } from 'vitest';
import { SideEngine } from '../../src/engine/side-engine';
import type { LoadRequest } from '../../src/shared/protocol/engine';

it('who waits for a turn in the side engine is let go at once when it is stopped, and the next one has its turn', async () => {
  const engine = new SideEngine(() => {
    throw new Error('no worker is wanted');
  });
  const request = { modelId: 'm' } as LoadRequest;
  engine.client.load = () => Promise.resolve({ ok: true, value: { modelId: 'm' } as never });
  let finish: () => void = () => {};
  const begun: string[] = [];
  const long = engine.use<string>(request, () => {
    begun.push('long');
    return new Promise((resolve) => (finish = () => resolve({ ok: true, value: 'long' })));
  });
  const stop = new AbortController();
  const use = (name: string, signal?: AbortSignal) =>
    engine.use(
      request,
      () => {
        begun.push(name);
        return Promise.resolve({ ok: true, value: name });
      },
      signal,
    );
  const stopped = use('stopped', stop.signal);
  const next = use('next');
  stop.abort();
  expect(await stopped).toMatchObject({ ok: false, failure: { kind: 'cancelled' } });
  finish();
  expect([await long, await next]).toEqual([
    { ok: true, value: 'long' },
    { ok: true, value: 'next' },
  ]);
  expect(begun).toEqual(['long', 'next']);
  engine.end();
});

import { flushSync, mount, createRawSnippet, unmount } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FailureError } from '../../src/shared/protocol/failure';
import { m } from '../../src/text/paraglide/messages.js';
import { overwriteGetLocale } from '../../src/text/paraglide/runtime.js';
import { loadPart } from '../../src/ui/load-part';
import Part from '../../src/ui/Part.svelte';

const gone = (): Promise<never> => Promise.reject(new TypeError('Failed to fetch dynamically imported module'));
const page = (build: string): Response =>
  new Response(`<!doctype html><meta name="sotto-build" content="${build}" />`, {
    headers: { 'Content-Type': 'text/html' },
  });

const host = vi.fn<() => Promise<Response>>();

/** Outside of the loader's own `then`s. */
const settled = async (): Promise<void> => {
  await vi.waitFor(() => expect(document.querySelector('[role="alert"], .part')).not.toBeNull());
  flushSync();
};

const kindOf = (loading: Promise<unknown>): Promise<string> =>
  loading.then(
    () => 'loaded',
    (error: unknown) => (error instanceof FailureError ? error.failure.kind : String(error)),
  );

beforeEach(() => {
  vi.stubGlobal('fetch', host);
  host.mockReset().mockRejectedValue(new TypeError('Failed to fetch'));
  document.head.innerHTML = '<meta name="sotto-build" content="abc123" />';
});

afterEach(() => {
  vi.unstubAllGlobals();
  overwriteGetLocale(() => 'en');
  document.head.innerHTML = document.body.innerHTML = '';
});

describe('loading a part of the page', () => {
  it('asks nobody when it comes', async () => {
    expect(await loadPart(() => Promise.resolve('part'))).toBe('part');
    expect(host).not.toHaveBeenCalled();
  });

  it('tries again each time it is called: no failure is kept', async () => {
    const load = vi.fn(gone);
    expect(await kindOf(loadPart(load))).toBe('part-unreachable');
    load.mockImplementation((() => Promise.resolve('part')) as typeof gone);
    expect(await kindOf(loadPart(load))).toBe('loaded');
  });

  it('tries once more by itself when the host answers: the file alone may have been lost on the way', async () => {
    host.mockResolvedValue(page('abc123'));
    const load = vi.fn().mockRejectedValueOnce(new TypeError('Failed to fetch')).mockResolvedValueOnce('part');
    expect(await loadPart(load)).toBe('part');
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('tells a browser that remembers a failure, and a file that is broken, from a network that is gone', async () => {
    host.mockResolvedValue(page('abc123'));
    expect(await kindOf(loadPart(gone))).toBe('part-broken');
  });

  it('tells that the host has a newer version by now', async () => {
    host.mockResolvedValue(page('def456'));
    expect(await kindOf(loadPart(gone))).toBe('app-outdated');
  });

  it.each([
    ['a captive portal', () => new Response('<!doctype html>Sign in', { headers: { 'Content-Type': 'text/html' } })],
    ['a host in trouble', () => new Response('', { status: 503 })],
  ])('takes %s for a network that is gone', async (_, answer) => {
    host.mockImplementation(() => Promise.resolve(answer()));
    expect(await kindOf(loadPart(gone))).toBe('part-unreachable');
  });

  it('leaves a failure that has its words already as it is', async () => {
    const failure = new FailureError({ kind: 'storage-full', technical: '' });
    expect(await kindOf(loadPart(() => Promise.reject(failure)))).toBe('storage-full');
    expect(host).not.toHaveBeenCalled();
  });

  it('takes away a style sheet that did not come, so that the next try asks for it again', () => {
    const sheet = document.head.appendChild(document.createElement('link'));
    sheet.rel = 'stylesheet';
    const icon = document.head.appendChild(document.createElement('link'));
    icon.rel = 'icon';
    for (const link of [sheet, icon]) link.dispatchEvent(new Event('error'));
    expect([sheet.isConnected, icon.isConnected]).toEqual([false, true]);
  });
});

describe('a module that a link asked for ahead and that did not come', () => {
  it('is fetched before it is imported again: WebKit would answer from the failed link', async () => {
    const link = document.head.appendChild(document.createElement('link'));
    link.rel = 'modulepreload';
    link.href = 'http://localhost/assets/part.js';
    link.dispatchEvent(new Event('error'));
    const fetched = vi.fn(() => Promise.resolve(new Response('export {};')));
    vi.stubGlobal('fetch', (address: unknown) => (String(address) === link.href ? fetched() : page('abc123')));
    // As WebKit does.
    const load = (): Promise<string> => (fetched.mock.calls.length > 0 ? Promise.resolve('part') : gone());
    expect(await kindOf(loadPart(load))).toBe('loaded');
    expect(fetched).toHaveBeenCalledOnce();
  });
});

describe('a part on the screen', () => {
  const children = createRawSnippet<[string]>((part) => ({ render: () => `<b class="part">${part()}</b>` }));
  let shown: Record<string, unknown> | undefined;
  const show = (props: { load: () => Promise<string>; putAway?: () => void; unasked?: boolean }): void => {
    shown = mount(Part, { target: document.body, props: { ...props, children } as never });
  };
  const button = (name: string): HTMLButtonElement => {
    const found = [...document.querySelectorAll('button')].find(({ textContent }) => textContent === name);
    if (!found) throw new Error(`no button ${name}`);
    return found;
  };
  const asker = (): HTMLButtonElement => {
    const control = document.body.appendChild(document.createElement('button'));
    control.focus();
    return control;
  };

  afterEach(async () => {
    if (shown) await unmount(shown);
    shown = undefined;
  });

  it.each(['en', 'zh-CN'] as const)(
    'says in %s what happened, and comes when it is asked for again',
    async (locale) => {
      overwriteGetLocale(() => locale);
      const control = asker();
      const load = vi.fn(gone) as unknown as ReturnType<typeof vi.fn<() => Promise<string>>>;
      show({ load, putAway: () => {} });
      await settled();
      expect(document.querySelector('[role="alert"] strong')?.textContent).toBe(m.failure_part_unreachable_title());
      load.mockResolvedValue('it is here');
      button(m.try_again()).focus();
      button(m.try_again()).click();
      expect(document.activeElement).toBe(control);
      await vi.waitFor(() => expect(document.querySelector('.part')?.textContent).toBe('it is here'));
    },
  );

  it('gives the focus back, and is put away, when a person does not want it any more', async () => {
    const control = asker();
    const putAway = vi.fn();
    show({ load: gone, putAway });
    await settled();
    button(m.dismiss()).focus();
    button(m.dismiss()).click();
    expect(putAway).toHaveBeenCalledOnce();
    expect(document.activeElement).toBe(control);
  });

  it('comes by itself when the network is back', async () => {
    const load = vi.fn<() => Promise<string>>(gone);
    show({ load });
    await settled();
    load.mockResolvedValue('it is here');
    dispatchEvent(new Event('online'));
    await vi.waitFor(() => expect(document.querySelector('.part')).not.toBeNull());
  });

  it('says nothing of what nobody asked for, and still comes when the network is back', async () => {
    const load = vi.fn<() => Promise<string>>(gone);
    show({ load, unasked: true });
    await vi.waitFor(() => expect(host).toHaveBeenCalled());
    await new Promise((resolve) => setTimeout(resolve, 20));
    flushSync();
    expect(document.querySelector('[role="alert"]')).toBeNull();
    load.mockResolvedValue('it is here');
    dispatchEvent(new Event('online'));
    await vi.waitFor(() => expect(document.querySelector('.part')).not.toBeNull());
  });

  it('says that it is loading when that takes longer than a second, and not before', async () => {
    vi.useFakeTimers();
    show({ load: () => new Promise(() => {}) });
    await vi.advanceTimersByTimeAsync(900);
    expect(document.querySelector('[role="status"]')).toBeNull();
    await vi.advanceTimersByTimeAsync(200);
    flushSync();
    expect(document.querySelector('[role="status"]')?.textContent).toBe(m.part_loading());
    vi.useRealTimers();
  });

  it('offers to load the page again, and nothing that cannot help, when there is a newer version', async () => {
    host.mockImplementation(() => Promise.resolve(page('def456')));
    show({ load: gone });
    await settled();
    expect([...document.querySelectorAll('button')].map(({ textContent }) => textContent)).toEqual([m.reload_page()]);
  });
});

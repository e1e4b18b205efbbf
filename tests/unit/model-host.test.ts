/** The setting of a model host, and the question whether it can deliver models. */
import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FailureError, type Result } from '../../src/shared/protocol/failure';
import type { HubCheck } from '../../src/shared/protocol/weights';
import { HubAddress } from '../../src/models/add/hub-address.svelte';
import ModelHost from '../../src/settings/ModelHost.svelte';
import { failureText } from '../../src/text/failure-text';
import { m } from '../../src/text/paraglide/messages.js';

/** Every build allows it. */
const mirror = 'https://mirror.huggingface.co';
const fine: Result<HubCheck> = { ok: true, value: { listing: null, ranges: null, library: null, repository: 'a/b' } };

let shown: Record<string, unknown>;
const check = vi.fn<(signal: AbortSignal) => Promise<Result<HubCheck> | null>>();
beforeEach(() => {
  localStorage.clear();
  check.mockReset();
  const hub = new HubAddress();
  shown = mount(ModelHost, { target: document.body, props: { hub, onChanged: () => {}, check } });
});
afterEach(() => unmount(shown));

const said = (): string => document.querySelector('section')?.textContent ?? '';
const find = (name: string): HTMLButtonElement | undefined =>
  [...document.querySelectorAll('button')].find(({ textContent }) => textContent.trim() === name);

function press(name: string): HTMLButtonElement {
  const button = find(name);
  if (!button) throw new Error(`no button ${name}`);
  button.focus();
  button.click();
  flushSync();
  return button;
}

function take(address: string): void {
  const field = document.querySelector('input');
  if (field) field.value = address;
  field?.dispatchEvent(new Event('input', { bubbles: true }));
  flushSync();
  document.querySelector('form')?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
  flushSync();
}

describe('asking a model host', () => {
  it.each(['part-unreachable', 'network-unreachable'] as const)(
    'that ends in a rejection (%s) says so, and can be done again',
    async (kind) => {
      check.mockRejectedValueOnce(new FailureError({ kind, technical: 'the network is gone' })).mockResolvedValue(fine);
      take(mirror);
      await vi.waitFor(() => expect(said()).toContain(failureText({ kind, technical: '' }).title));
      expect(said()).not.toContain(m.hub_checking({ host: new URL(mirror).host }));
      press(m.hub_check_again());
      await vi.waitFor(() => expect(said()).toContain(m.hub_check_listing()));
    },
  );

  it('can be cancelled, with the focus where it was, and done again', async () => {
    check.mockReturnValueOnce(new Promise(() => {})).mockResolvedValue(fine);
    take(mirror);
    const button = press(m.cancel());
    expect(check.mock.calls[0]?.[0].aborted).toBe(true);
    expect(said()).not.toContain(m.hub_checking({ host: new URL(mirror).host }));
    expect(document.activeElement).toBe(button);
    press(m.hub_check_again());
    await vi.waitFor(() => expect(said()).toContain(m.hub_check_listing()));
  });

  it('ends when another host is named', () => {
    check.mockReturnValue(new Promise(() => {}));
    take(mirror);
    take('');
    expect(check).toHaveBeenCalledOnce();
    expect(check.mock.calls[0]?.[0].aborted).toBe(true);
  });
});

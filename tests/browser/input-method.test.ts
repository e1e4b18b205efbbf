/** While an input method composes, its keys are its own, in every field there is: nothing is sent, closed, cleared or moved. */
import { flushSync, mount, unmount, type Component } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { shortcutOf } from '../../src/app/shortcuts';
import GrowingTextarea from '../../src/chat/GrowingTextarea.svelte';
import ConversationList from '../../src/library/ConversationList.svelte';
import NameField from '../../src/ui/NameField.svelte';
import DialogWithField from '../fixtures/DialogWithField.svelte';

let host: HTMLElement;
let mounted: object[] = [];

beforeEach(() => {
  host = document.createElement('div');
  document.body.append(host);
});
afterEach(async () => {
  for (const component of mounted) await unmount(component);
  mounted = [];
  host.remove();
});

function show<Props extends Record<string, unknown>>(component: Component<Props>, props: Props): void {
  mounted.push(mount(component as Component, { target: host, props }));
  flushSync();
}
const field = (): HTMLInputElement | HTMLTextAreaElement => {
  const found = document.querySelector<HTMLInputElement | HTMLTextAreaElement>('input, textarea');
  if (!found) throw new Error('there is no field');
  return found;
};

/** As Chromium and Firefox tell it, and as Safari does after the word has been taken. */
const ways = { 'in the middle of a word': { isComposing: true }, 'with the code of Safari': { keyCode: 229 } };

function press(key: string, more: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more });
  field().dispatchEvent(event);
  flushSync();
  return event;
}

describe.each(Object.entries(ways))('a key %s', (_name, composing) => {
  it('neither sends nor leaves what is being written', () => {
    const [onEnter, onEscape] = [vi.fn(), vi.fn()];
    show(GrowingTextarea, { value: 'ni', label: 'Message', onEnter, onEscape });
    for (const key of ['Enter', 'Escape']) expect(press(key, composing).defaultPrevented).toBe(false);
    expect([onEnter, onEscape].map((call) => call.mock.calls.length)).toEqual([0, 0]);
    press('Escape');
    press('Enter', { ctrlKey: true });
    expect([onEnter, onEscape].map((call) => call.mock.calls.length)).toEqual([1, 1]);
  });

  it('neither takes nor drops a new title', () => {
    const onEnd = vi.fn();
    show(NameField, { name: 'Old', label: 'Name', onEnd });
    press('Enter', composing);
    press('Escape', composing);
    expect(onEnd).not.toHaveBeenCalled();
    press('Escape');
    expect(onEnd).toHaveBeenCalledExactlyOnceWith(null);
  });

  it('neither clears the search nor leaves it', () => {
    const library = {
      query: 'ni',
      ready: false,
      conversations: [],
      search: () => Promise.reject(new Error('no')),
      view: { endSelection: vi.fn() },
    };
    show(ConversationList as unknown as Component<Record<string, unknown>>, {
      library,
      currentId: null,
      onChosen: () => {},
    });
    const link = document.createElement('a');
    link.href = '#x';
    host.querySelector('.area')?.append(link);
    field().focus();
    press('ArrowDown', composing);
    press('Escape', composing);
    library.query = '';
    press('Escape', composing);
    expect(document.activeElement).toBe(field());
    expect(library.view.endSelection).not.toHaveBeenCalled();
    press('Escape');
    expect(library.view.endSelection).toHaveBeenCalledOnce();
    press('ArrowDown');
    expect(document.activeElement).toBe(link);
  });

  it('does not close a window around the field', async () => {
    show(DialogWithField, {});
    await vi.waitFor(() => expect(document.querySelector('[role=dialog] input')).not.toBeNull(), { timeout: 15_000 });
    press('Escape', composing);
    // Time for what must not happen.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(document.querySelector('[role=dialog]')).not.toBeNull();
    press('Escape');
    await vi.waitFor(() => expect(document.querySelector('[role=dialog]')).toBeNull(), { timeout: 15_000 });
  });

  it('is no shortcut', () => {
    show(GrowingTextarea, { value: '', label: 'Message' });
    for (const [key, more] of [
      ['Escape', {}],
      ['ArrowUp', {}],
      ['k', { ctrlKey: true }],
    ] as const) {
      expect(shortcutOf(press(key, { ...more, ...composing }), true)).toBeNull();
      expect(shortcutOf(press(key, more), true)).not.toBeNull();
    }
  });
});

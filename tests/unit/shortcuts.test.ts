import { afterEach, describe, expect, it } from 'vitest';
import { chords, namesOf, shortcutOf } from '../../src/app/shortcuts';

afterEach(() => document.body.replaceChildren());

function press(key: string, more: KeyboardEventInit = {}, target: HTMLElement = document.body): KeyboardEvent {
  if (!target.isConnected) document.body.append(target);
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more });
  target.dispatchEvent(event);
  return event;
}
const field = (value = ''): HTMLTextAreaElement => Object.assign(document.createElement('textarea'), { value });
const box = (type: string): HTMLInputElement => Object.assign(document.createElement('input'), { type });

describe('shortcuts', () => {
  it.each([
    [press('k', { ctrlKey: true }), 'search'],
    [press('K', { metaKey: true }), 'search'],
    [press('O', { ctrlKey: true, shiftKey: true }), 'new-chat'],
    [press('C', { ctrlKey: true, shiftKey: true }), 'copy-last'],
    [press('L', { ctrlKey: true, shiftKey: true }), 'lock'],
    [press('Escape'), 'stop'],
    [press('Escape', { shiftKey: true }), 'compose'],
    [press('?', { shiftKey: true }), 'help'],
    [press('?'), 'help'],
    [press('/'), 'search'],
    [press('n'), 'new-chat'],
    [press('e'), 'edit-last'],
    [press('m'), 'model'],
    [press('k'), null],
    [press('c', { ctrlKey: true }), null],
    [press('n', { altKey: true }), null],
    [press('N', { shiftKey: true }), null],
    [press('ArrowUp'), null],
  ])('%# is %s', (event, shortcut) => expect(shortcutOf(event, true)).toBe(shortcut));

  it.each(['?', '/', 'n', 'e', 'c', 'i', 'm'])('%s is a letter where somebody types', (key) => {
    expect(shortcutOf(press(key, {}, field()), true)).toBeNull();
    expect(shortcutOf(press(key, {}, box('search')), true)).toBeNull();
    expect(shortcutOf(press(key, {}, box('checkbox')), true)).not.toBeNull();
  });

  it.each(['?', '/', 'n', 'e', 'c', 'i', 'm'])('%s alone can be turned off', (key) => {
    expect(shortcutOf(press(key), false)).toBeNull();
  });

  it('with Ctrl work while typing', () => {
    expect(shortcutOf(press('k', { ctrlKey: true }, field('words')), false)).toBe('search');
  });

  it('the arrow edits only from an empty message box', () => {
    expect(shortcutOf(press('ArrowUp', {}, field()), true)).toBe('edit-last');
    expect(shortcutOf(press('ArrowUp', {}, field('words')), true)).toBeNull();
  });

  it.each(['dialog', 'menu'])('leave Escape and letters to a %s', (role) => {
    const element = document.createElement('div');
    element.setAttribute('role', role);
    document.body.append(element);
    expect(shortcutOf(press('Escape'), true)).toBeNull();
    expect(shortcutOf(press('n'), true)).toBeNull();
    expect(shortcutOf(press('k', { ctrlKey: true }), true)).toBe('search');
  });

  it('are none in the middle of an input method, or of a held key', () => {
    expect(shortcutOf(press('Escape', { isComposing: true }), true)).toBeNull();
    expect(shortcutOf(press('n', { repeat: true }), true)).toBeNull();
  });

  it('do not take each other’s keys', () => {
    const all = Object.values(chords).flatMap((ways) => ways.map((way) => JSON.stringify(way)));
    expect(new Set(all).size).toBe(all.length);
  });

  it('are called as on the machine', () => {
    expect(namesOf({ key: 'o', command: true, shift: true }, false)).toEqual(['Ctrl', 'Shift', 'O']);
    expect(namesOf({ key: 'k', command: true }, true)).toEqual(['⌘', 'K']);
    expect(namesOf({ key: 'Escape' }, false)).toEqual(['Esc']);
  });
});

import { afterEach, describe, expect, it, vi } from 'vitest';
import { entersBySending } from '../../src/chat/composer/enter-key';

const on = (pointer: 'coarse' | 'fine'): void => {
  vi.stubGlobal('matchMedia', (query: string) => ({ matches: query === `(pointer: ${pointer})` }));
};
const key = (init: KeyboardEventInit & { keyCode?: number } = {}): KeyboardEvent =>
  new KeyboardEvent('keydown', { key: 'Enter', ...init });

afterEach(() => vi.unstubAllGlobals());

describe('Enter', () => {
  it('sends at a desk', () => {
    on('fine');
    expect(entersBySending(key())).toBe(true);
  });

  it('never sends on glass, but with Ctrl or Cmd', () => {
    on('coarse');
    expect(entersBySending(key())).toBe(false);
    expect(entersBySending(key({ ctrlKey: true }))).toBe(true);
    expect(entersBySending(key({ metaKey: true }))).toBe(true);
  });

  it('with Shift or Alt begins a line', () => {
    on('fine');
    expect(entersBySending(key({ shiftKey: true }))).toBe(false);
    expect(entersBySending(key({ altKey: true }))).toBe(false);
  });

  it('belongs to the input method while it composes', () => {
    on('fine');
    expect(entersBySending(key({ isComposing: true }))).toBe(false);
    const safari = key();
    Object.defineProperty(safari, 'keyCode', { value: 229 });
    expect(entersBySending(safari)).toBe(false);
  });

  it('is the only key that sends', () => {
    on('fine');
    expect(entersBySending(key({ key: 'a' }))).toBe(false);
  });
});

/** What is copied is what is shown, and what has nothing to copy leaves the clipboard as it is. */
import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { App } from '../../src/app/app';
import { runInChat } from '../../src/app/run-shortcut';
import { copyCode } from '../../src/chat/markdown/copy-code';
import { markdown } from '../../src/chat/markdown/markdown';
import CopyButton from '../../src/ui/CopyButton.svelte';
import GrowingText from '../fixtures/GrowingText.svelte';

const written: string[] = [];
let host: HTMLElement;
let mounted: object | null = null;

beforeEach(() => {
  written.length = 0;
  vi.spyOn(navigator.clipboard, 'writeText').mockImplementation((text) => {
    written.push(text);
    return Promise.resolve();
  });
  host = document.createElement('div');
  document.body.append(host);
});
afterEach(async () => {
  vi.restoreAllMocks();
  if (mounted) await unmount(mounted);
  mounted = null;
  host.remove();
});

describe('the button to copy', () => {
  it('is not there where there is nothing to copy, as under a message that is only a file', () => {
    for (const text of ['', '  \n']) {
      mounted = mount(CopyButton, { target: host, props: { text } });
      flushSync();
      expect(host.querySelector('button'), JSON.stringify(text)).toBeNull();
      void unmount(mounted);
    }
    mounted = mount(CopyButton, { target: host, props: { text: 'words' } });
    host.querySelector('button')?.click();
    expect(written).toEqual(['words']);
  });
});

describe('the key that copies the last answer', () => {
  const told: string[] = [];
  const app = (...texts: string[]): App =>
    ({
      session: { path: texts.map((text) => ({ role: 'assistant', text })) },
      notices: { show: ({ text }: { text: string }) => told.push(text) },
    }) as unknown as App;

  it('takes the last one that says something, without its thoughts', async () => {
    await runInChat(
      'copy-last',
      app('first', '<think>\nhm\n</think>\n\nsecond', '', '<think>\nonly a thought'),
      undefined,
    );
    expect(written).toEqual(['second']);
  });

  it('copies nothing, and claims nothing, where no answer says anything', async () => {
    told.length = 0;
    await runInChat('copy-last', app('', '<think>'), undefined);
    await runInChat('copy-last', app(), undefined);
    expect([written, told]).toEqual([[], []]);
  });
});

describe('the button of a code block', () => {
  const show = async (text: string, growing: boolean, steps = 1): Promise<void> => {
    const view = mount(GrowingText, { target: host });
    mounted = view;
    for (let step = 1; step <= steps; step += 1) {
      (view as unknown as { set(text: string, growing: boolean): void }).set(
        text.slice(0, Math.ceil((text.length * step) / steps)),
        growing,
      );
      flushSync();
      await markdown.quiet();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const copy = async (at = 0): Promise<string | undefined> => {
    written.length = 0;
    await copyCode([...host.querySelectorAll('[data-copy-code]')][at] ?? host);
    return written[0];
  };
  const code = Array.from({ length: 200 }, (_, line) => `  const line${line} = 'of some length';`).join('\n');

  it('copies code whose lines end as on Windows without a blank behind them', async () => {
    await show('```js\r\nlet a = 1;\r\n\r\n  let b;\r\n```\r\n', false);
    expect(await copy()).toBe('let a = 1;\n\n  let b;');
  });

  it('copies all of the code while it is written in several pieces, and no other', async () => {
    await show(`Before\n\n\`\`\`js\n${code}\n\`\`\`\n\nBetween\n\n\`\`\`\nother\n\`\`\`\n\nmore`, true, 40);
    expect(host.querySelectorAll('.code-block').length).toBeGreaterThan(3);
    expect(await copy()).toBe(code);
    expect(await copy(host.querySelectorAll('[data-copy-code]').length - 1)).toBe('other');
  });

  it('leaves the clipboard alone where the block is empty', async () => {
    await show('```\n```\n', false);
    expect(await copy()).toBeUndefined();
  });
});

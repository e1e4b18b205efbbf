/** Hostile words through the whole way, worker and page: nothing of them may run, load, or pose as something else. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Piece } from '../../src/contracts/markdown';
import { carriesData, safeAddress } from '../../src/chat/address';
import { Markdown } from '../../src/chat/markdown';
import { elementFrom } from '../../src/chat/markdown-elements';
import { hostileMarkdown } from '../fixtures/hostile-markdown';

const allowedTags = new Set(
  'A BLOCKQUOTE BR BUTTON CODE DEL DIV EM H2 HR LI OL P PRE SPAN STRONG TABLE TBODY TD TH THEAD TR UL'.split(' '),
);
const allowedAttributes = new Set('href target rel title class start type tabindex data-copy-code'.split(' '));
const allowedClasses =
  /^(code-block|code-head|quiet|table-frame|image-placeholder|control-character|right|center|minor|)$/;

const start = { prefix: '', continues: false, definitions: {}, whole: true };
const host = document.createElement('div');
const markdown = new Markdown();
let ran = 0;

async function show(text: string): Promise<HTMLElement> {
  const reply = await markdown.render({ ...start, text });
  if (!reply) throw new Error('the worker does not answer');
  host.replaceChildren(...reply.blocks.map(({ content }) => elementFrom(JSON.parse(content) as Piece)));
  return host;
}

function expectHarmless(root: HTMLElement): void {
  for (const element of root.querySelectorAll('*')) {
    expect(allowedTags, element.outerHTML).toContain(element.nodeName);
    for (const { name } of element.attributes) expect(allowedAttributes, element.outerHTML).toContain(name);
    for (const name of element.classList) expect(name).toMatch(allowedClasses);
  }
  for (const link of root.querySelectorAll('a')) {
    expect(link.protocol).toMatch(/^(https?|mailto):$/);
    expect(link.rel).toBe('noopener noreferrer nofollow ugc');
    expect(link.target).toBe('_blank');
    expect(link.title).not.toBe('');
  }
  // The only buttons are ours.
  for (const button of root.querySelectorAll('button')) expect(button.matches('.code-head > button.quiet')).toBe(true);
}

beforeAll(() => {
  document.body.append(host);
  Object.assign(globalThis, { alert: () => (ran += 1), ran: () => (ran += 1) });
});
afterAll(() => host.remove());

describe('hostile Markdown', () => {
  it('has at least forty kinds', () => expect(hostileMarkdown.length).toBeGreaterThanOrEqual(40));

  it.each(hostileMarkdown)('is harmless: %s', async (text) => {
    const before = performance.getEntriesByType('resource').length;
    expectHarmless(await show(text));
    for (const element of host.querySelectorAll<HTMLElement>('*'))
      element.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(ran).toBe(0);
    expect(performance.getEntriesByType('resource').length).toBe(before);
  });

  it('is harmless in every split', async () => {
    for (const text of hostileMarkdown) {
      for (let length = 1; length < Math.min(text.length, 200); length += 3) {
        const reply = await markdown.render({ ...start, whole: false, text: text.slice(0, length) });
        host.replaceChildren(...(reply?.blocks ?? []).map(({ content }) => elementFrom(JSON.parse(content) as Piece)));
        expectHarmless(host);
      }
    }
    expect(ran).toBe(0);
  }, 120_000);
});

describe('a worker that was led astray', () => {
  it.each([
    { tag: 'script', children: ['alert(1)'] },
    { tag: 'iframe', href: 'https://example.com' },
    { tag: 'a', href: 'javascript:alert(1)', children: ['x'] },
    { tag: 'a', href: 'data:text/html,x', children: ['x'] },
    { tag: 'td', align: 'x" onclick="alert(1)' },
    { tag: 'ol', start: Number.NaN },
    { tag: 'pre', language: '<img src=x onerror=alert(1)>' },
    { tag: '__proto__', children: ['x'] },
  ])('can name nothing else: %j', (piece) => {
    host.replaceChildren(elementFrom(piece));
    expectHarmless(host);
  });
});

describe('texts nested without end', () => {
  it.each([`${'> '.repeat(400)}deep`, `${'- '.repeat(400)}deep`, `${'*a **b '.repeat(2000)}deep`])(
    'are shown',
    async (text) => {
      const root = await show(text);
      expectHarmless(root);
      expect(root.textContent).toContain('deep');
    },
  );

  it('do not end the worker', async () => {
    expect(await markdown.render({ ...start, text: '> '.repeat(100_000) })).toBeNull();
    expect((await show('alive')).textContent).toBe('alive');
  });
});

describe('links', () => {
  it('show their host', async () => {
    const root = await show('[https://bank.example](https://evil.example/login)');
    expect(root.querySelector('a')?.title).toBe('evil.example');
  });

  it('show the true host of look-alike letters', async () => {
    const root = await show('[here](https://аррӏе.com/)');
    expect(root.querySelector('a')?.title).toMatch(/^xn--/);
  });

  it.each([
    ['https://example.com/page?q=short#part', false],
    [`https://example.com/?q=${'a'.repeat(100)}`, true],
    [`https://example.com/#${'a'.repeat(100)}`, true],
    [`https://example.com/${'a'.repeat(400)}`, true],
    [`https://${'a.'.repeat(200)}example.com/`, true],
  ])('%s are asked about: %s', (href, expected) => {
    const address = safeAddress(href);
    expect(address !== null && carriesData(address)).toBe(expected);
  });
});

describe('characters that cannot be seen', () => {
  it('are shown in code and in links', async () => {
    const root = await show('`access\u202eesrever` and [a\u200bb](https://example.com)\n\n```\nx\u2066y\n```');
    expect([...root.querySelectorAll('.control-character')].map(({ textContent }) => textContent)).toEqual([
      'U+202E',
      'U+200B',
      'U+2066',
    ]);
  });
});

it('Markdown becomes elements', async () => {
  const root = await show(
    '# Title\n\n**bold** *it* ~~gone~~ `code` &lt;b&gt;\n\n3. three\n4. four\n\n|a|b|\n|-|-:|\n|1|2|\n\n```js\nlet a;\n```',
  );
  expect(root.querySelector('h2')?.textContent).toBe('Title');
  expect(root.querySelector('p')?.innerText).toBe('bold it gone code <b>');
  expect(root.querySelector('ol')?.start).toBe(3);
  expect(root.querySelector('td.right')?.textContent).toBe('2');
  expect(root.querySelector('pre')?.textContent).toBe('let a;');
  expect(root.querySelector('.code-head span')?.textContent).toBe('js');
});

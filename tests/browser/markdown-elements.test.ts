/** Hostile words through the whole way, worker and page: nothing of them may run, load, or pose as something else. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Piece } from '../../src/shared/protocol/markdown';
import { carriesData, safeAddress } from '../../src/chat/markdown/address';
import { Markdown } from '../../src/chat/markdown/markdown';
import { elementFrom } from '../../src/chat/markdown/markdown-elements';
import { hostileHtml } from '../fixtures/hostile-html';
import { hostileMarkdown } from '../fixtures/hostile-markdown';

const allowedTags = new Set(
  'A BLOCKQUOTE BR BUTTON CODE DEL DIV EM H2 HR KBD LI MARK OL P PRE SPAN STRONG SUB SUP TABLE TBODY TD TH THEAD TR U UL'.split(
    ' ',
  ),
);
const allowedAttributes = new Set(
  'href target rel title class start type tabindex role aria-label data-copy-code'.split(' '),
);
const allowedClasses =
  /^(code-block|code-head|quiet|table-frame|image-placeholder|control-character|right|center|major|medium|minor|raw|task|math|display|math-source|footnote|footnote-(name|reference)|hl-[a-z_-]+|)$/;
const mathTags =
  /^(span|svg|path|line|math|semantics|annotation|m(row|i|n|o|text|space|s|frac|sqrt|root|style|error|padded|phantom|enclose|sub|sup|subsup|under|over|underover|table|tr|td))$/i;

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
  for (const element of root.querySelectorAll('.math *')) {
    expect(element.nodeName).toMatch(mathTags);
    for (const { name, value } of element.attributes) {
      expect(name, element.outerHTML).not.toMatch(/href|src|^on|^id$/);
      expect(value).not.toMatch(/url\(|javascript:|evil\.example/i);
    }
    expect(getComputedStyle(element).position).not.toBe('fixed');
  }
  for (const element of root.querySelectorAll('*:not(.math *)')) {
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
  for (const button of root.querySelectorAll('button'))
    expect(button.matches('.code-head > button, .image-placeholder > button')).toBe(true);
}

beforeAll(() => {
  document.body.append(host);
  Object.assign(globalThis, { alert: () => (ran += 1), ran: () => (ran += 1) });
});
afterAll(() => host.remove());

describe('hostile Markdown', () => {
  const all = [...hostileMarkdown, ...hostileHtml];
  it('has kinds enough', () => expect(all.length).toBeGreaterThanOrEqual(190));

  it.each(all)('is harmless: %s', async (text) => {
    const before = performance.getEntriesByType('resource').length;
    expectHarmless(await show(text));
    for (const element of host.querySelectorAll<HTMLElement>('*'))
      element.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(ran).toBe(0);
    expect(performance.getEntriesByType('resource').length).toBe(before);
  });

  it.each([
    'before X after',
    '- item\n- X',
    '> X',
    '| a | b |\n| - | - |\n| X | y |',
    '# X',
    '**X**',
    '[X](https://example.com)',
  ])('is harmless in %j', async (place) => {
    for (const text of all) expectHarmless(await show(place.replace('X', () => text.replaceAll('\n', ' '))));
    expect(ran).toBe(0);
  });

  it('is harmless in every split', async () => {
    for (const text of all) {
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
    { tag: 'token', language: 'x" onclick="alert(1)' },
    { tag: 'image', href: 'javascript:alert(1)', children: ['x'] },
    { tag: 'image', href: 'data:image/svg+xml;base64,AAAA' },
    { tag: 'math', children: [{ tag: 'svg:script', children: ['alert(1)'] }] },
    { tag: 'math', children: [{ tag: 'svg:image', attributes: { href: 'https://evil.example/x.png' } }] },
    { tag: 'math', children: [{ tag: 'svg:__proto__', attributes: { onload: 'alert(1)', id: 'app' } }] },
    { tag: 'math', children: [{ tag: 'math:maction', attributes: { 'xlink:href': 'javascript:alert(1)' } }] },
    { tag: 'math', children: [{ tag: 'tex:span', style: { background: 'url(https://evil.example/x)' } }] },
    { tag: 'math', children: [{ tag: 'tex:span', style: { color: 'url(https://evil.example/x)' } }] },
    { tag: 'math', children: [{ tag: 'tex:span', style: { position: 'fixed', cssText: 'position:fixed' } }] },
    {
      tag: 'math',
      children: [{ tag: 'tex:span', className: 'unseen icon', attributes: { style: 'position:fixed' } }],
    },
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
    expectHarmless(await show('> '.repeat(100_000)));
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

describe('images', () => {
  const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

  it('of the text itself are shown when that is asked for', async () => {
    const root = await show(`![dot](data:image/png;base64,${pixel})`);
    expect(root.querySelector('img')).toBeNull();
    root.querySelector('button')?.click();
    expect(root.querySelector('img')?.alt).toBe('dot');
  });

  it('of elsewhere are an address, with nothing to load them', async () => {
    const root = await show('![dot](https://evil.example/x.png?q=secret)');
    expect(root.querySelector('.image-placeholder')?.textContent).toContain('https://evil.example/x.png?q=secret');
    expect(root.querySelector('button, img')).toBeNull();
  });
});

it('formulas are drawn, and can be heard', async () => {
  const root = await show('so $\\sqrt{x^2}$ and\n\n$$\n\\frac{a}{b}\n$$');
  expect(root.querySelectorAll('.math')).toHaveLength(2);
  expect(root.querySelector('math mfrac')?.textContent).toBe('ab');
  expect(root.querySelector('svg path')?.getAttribute('d')).toMatch(/^M/);
  expect(root.querySelector('.math.display .katex-html')?.getAttribute('aria-hidden')).toBe('true');
  expectHarmless(root);
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

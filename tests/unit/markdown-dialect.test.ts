/** What the dialect has beyond CommonMark: GFM, one case for each rule of its specification; TeX; footnotes. */
import { describe, expect, it } from 'vitest';
import type { Piece } from '../../src/contracts/markdown';
import { render } from '../../workers/markdown/render';
import { comparable, htmlOf } from '../fixtures/pieces-as-html';

const start = { id: 0, prefix: '', continues: false, definitions: {} };
const pieces = (text: string, whole = true): readonly Piece[] =>
  render({ ...start, text, whole }).blocks.map(({ piece }) => piece);
const html = (text: string): string => comparable(pieces(text).map(htmlOf).join(''));
const paragraph = (inside: string): string => `<p>${inside}</p>`;
const link = (href: string, text = href): string => `<a href="${href}">${text}</a>`;

describe('tables', () => {
  const head = (...cells: string[]): string =>
    `<thead><tr>${cells.map((cell) => `<th>${cell}</th>`).join('')}</tr></thead>`;
  const row = (...cells: string[]): string => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  const table = (headRow: string, ...rows: string[]): string =>
    `<table>${headRow}${rows.length === 0 ? '' : `<tbody>${rows.join('')}</tbody>`}</table>`;

  it.each([
    ['plain', '| a | b |\n| - | - |\n| 1 | 2 |', table(head('a', 'b'), row('1', '2'))],
    [
      'aligned, without pipes at the ends',
      'a | b | c\n:-: | ---: | :--\n1 | 2 | 3',
      '<table><thead><tr><th align="center">a</th><th align="right">b</th><th align="left">c</th></tr></thead>' +
        '<tbody><tr><td align="center">1</td><td align="right">2</td><td align="left">3</td></tr></tbody></table>',
    ],
    [
      'with escaped pipes, in code too',
      '| a\\|b |\n| - |\n| `c\\|d` **\\|** |',
      table(head('a|b'), row('<code>c|d</code> <strong>|</strong>')),
    ],
    [
      'ended by another block',
      '| a |\n| - |\n| 1 |\n> quote',
      `${table(head('a'), row('1'))}<blockquote><p>quote</p></blockquote>`,
    ],
    ['ended by an empty line', '| a | b |\n| - | - |\nx\n\nx', `${table(head('a', 'b'), row('x', ''))}<p>x</p>`],
    [
      'with rows of other lengths',
      '| a | b |\n| - | - |\n| 1 |\n| 1 | 2 | 3 |',
      table(head('a', 'b'), row('1', ''), row('1', '2')),
    ],
    ['without rows', '| a | b |\n| - | - |', table(head('a', 'b'))],
    ['not with another number of columns in the head', '| a | b |\n| - |\n| 1 |', '<p>| a | b |\n| - |\n| 1 |</p>'],
    ['with line breaks in a cell', '| a |\n| - |\n| 1<br>2 |', table(head('a'), row('1<br />2'))],
  ])('%s', (_name, text, expected) => expect(html(text)).toBe(expected));
});

describe('task lists', () => {
  const box = (checked: boolean): string => `<input ${checked ? 'checked="" ' : ''}disabled="" type="checkbox"> `;
  it.each([
    ['- [ ] one\n- [x] two', `<ul><li>${box(false)}one</li><li>${box(true)}two</li></ul>`],
    ['- [X] a\n  - [ ] b\n- c', `<ul><li>${box(true)}a<ul><li>${box(false)}b</li></ul></li><li>c</li></ul>`],
    ['- [ ] one\n\n- [x] two', `<ul><li><p>${box(false)}one</p></li><li><p>${box(true)}two</p></li></ul>`],
    ['1. [x] one', `<ol><li>${box(true)}one</li></ol>`],
    ['- [x]', '<ul><li>[x]</li></ul>'],
    ['- [y] one', '<ul><li>[y] one</li></ul>'],
    ['[ ] one', '<p>[ ] one</p>'],
  ])('%j', (text, expected) => expect(html(text)).toBe(expected));
});

describe('strikethrough', () => {
  it.each([
    ['~~old~~ new', paragraph('<del>old</del> new')],
    ['~~a\n\nb~~', '<p>~~a</p><p>b~~</p>'],
    ['so ~~~not~~~ at all', paragraph('so ~~~not~~~ at all')],
    // An exception: GFM strikes with single tildes, too.
    ['3~5 and 6~8', paragraph('3~5 and 6~8')],
  ])('%j', (text, expected) => expect(html(text)).toBe(expected));
});

describe('addresses without marks', () => {
  const site = 'https://example.com';
  it.each([
    ['www.example.com', link('http://www.example.com', 'www.example.com')],
    ['See www.example.com/help now', `See ${link('http://www.example.com/help', 'www.example.com/help')} now`],
    [`${site}/a?b=c&d=e#f`, link(`${site}/a?b=c&amp;d=e#f`)],
    [`${site}/x.`, `${link(`${site}/x`)}.`],
    [`${site}/x?!`, `${link(`${site}/x`)}?!`],
    [`${site}/a_(b)`, link(`${site}/a_(b)`)],
    [`(${site}/a_(b))`, `(${link(`${site}/a_(b)`)})`],
    [`${site}/q?x=a(b)&y;`, link(`${site}/q?x=a(b)`) + '&amp;y;'],
    [`${site}/f&hl;`, `${link(`${site}/f`)}&amp;hl;`],
    [`${site}/a<b`, `${link(`${site}/a`)}&lt;b`],
    ['ftp://files.example.com/x', link('ftp://files.example.com/x')],
    ['http://localhost:8080/x', link('http://localhost:8080/x')],
    ['me@example.com', link('mailto:me@example.com', 'me@example.com')],
    ['a.b-c_d+e@mail.example.org.', `${link('mailto:a.b-c_d+e@mail.example.org', 'a.b-c_d+e@mail.example.org')}.`],
    ['me@example', 'me@example'],
    ['me@example.com-', 'me@example.com-'],
    ['me@example.com_', 'me@example.com_'],
    ['www.a_b.c_d', 'www.a_b.c_d'],
    ['xhttps://example.com', 'xhttps://example.com'],
    ['`https://example.com`', '<code>https://example.com</code>'],
    [`**${site}**`, `<strong>${link(site)}</strong>`],
    // An exception: Chinese goes on without a space, and its marks are no part of an address.
    [`访问${site}/a，然后`, `访问${link(`${site}/a`)}，然后`],
    [`（${site}）`, `（${link(site)}）`],
  ])('%j', (text, expected) => expect(html(text)).toBe(paragraph(expected)));
});

describe('TeX', () => {
  const inline = (tex: string): Piece => ({ tag: 'maths', display: false, children: [tex] });
  const display = (tex: string): Piece => ({ tag: 'maths', display: true, children: [tex] });
  const inside = (...children: Piece[]): readonly Piece[] => [{ tag: 'p', children }];

  it.each<[string, readonly Piece[]]>([
    ['$x$', inside(inline('x'))],
    ['is $a_1 + b_2$.', inside('is ', inline('a_1 + b_2'), '.')],
    ['设$x$为', inside('设', inline('x'), '为')],
    ['\\(x_1\\) and \\(y\\)', inside(inline('x_1'), ' and ', inline('y'))],
    ['$$x$$', [display('x')]],
    ['so $$x$$ inside', inside('so ', display('x'), ' inside')],
    ['\\[x\\]', [display('x')]],
    ['$$\nx\n+ y\n$$', [display('x\n+ y')]],
    ['\\[\n\\begin{aligned}\na &= b\n\n\\end{aligned}\n\\]', [display('\\begin{aligned}\na &= b\n\n\\end{aligned}')]],
    ['$$ a\n- b $$', [display('a\n- b')]],
    ['- $$\n  x\n  $$', [{ tag: 'ul', children: [{ tag: 'li', children: [display('x')] }] }]],
    ['$5$', inside(inline('5'))],
    ['$2x + 3$', inside(inline('2x + 3'))],
    ['$a*b*c$', inside(inline('a*b*c'))],
    ['$\\$5$', inside(inline('\\$5'))],
  ])('%j', (text, expected) => expect(pieces(text)).toEqual(expected));

  it.each([
    'It costs $5 and $10.',
    'From $5-$10 a month',
    '$5/month or 50$ a year',
    'US$5 and US$10',
    'between $100k and $200k, or 5$ more',
    'a $ b $ c',
    'echo $HOME and $PATH',
    '一共$5，或$10。',
    '\\$x\\$',
    '`$x$`',
    'only one $x',
    'As \\[1\\] and \\[2, 3\\] say',
    'See \\[this](x) and $$',
  ])('none in %j', (text) => {
    expect(JSON.stringify(pieces(text))).not.toContain('maths');
  });

  it('that has only been opened is shown as it is while the text grows, and is none when it ends so', () => {
    for (const text of ['$$\nx\n\ny', '\\[\nx', '$$ x\ny']) {
      expect(JSON.stringify(pieces(text, false))).toContain('maths-source');
      expect(JSON.stringify(pieces(text))).not.toContain('maths');
    }
  });
});

describe('footnotes', () => {
  it('stand where they are written', () => {
    expect(pieces('Said[^1].\n\n[^1]: By *whom*\nand when.\n[^two]: Other')).toEqual([
      { tag: 'p', children: ['Said', { tag: 'footnote-reference', children: ['1'] }, '.'] },
      {
        tag: 'footnote',
        children: [
          { tag: 'footnote-name', children: ['1'] },
          'By ',
          { tag: 'em', children: ['whom'] },
          { tag: 'softbreak' },
          'and when.',
        ],
      },
      { tag: 'footnote', children: [{ tag: 'footnote-name', children: ['two'] }, 'Other'] },
    ]);
  });
});

describe('bare tags of HTML', () => {
  it.each([
    ['H<sub>2</sub>O and x<sup>2</sup>', 'H<sub>2</sub>O and x<sup>2</sup>'],
    ['press <kbd>Ctrl</kbd>+<kbd>K</kbd>', 'press <kbd>Ctrl</kbd>+<kbd>K</kbd>'],
    ['<b>**x**</b>', '<strong><strong>x</strong></strong>'],
    ['<sub>open', '&lt;sub&gt;open'],
    ['<sub class="x">a</sub>', '&lt;sub class=&quot;x&quot;&gt;a&lt;/sub&gt;'],
    ['*<sub>a*</sub>', '<em>&lt;sub&gt;a</em>&lt;/sub&gt;'],
    ['<toString>x</toString>', '&lt;toString&gt;x&lt;/toString&gt;'],
  ])('%j', (text, expected) => expect(html(text)).toBe(paragraph(expected)));
});

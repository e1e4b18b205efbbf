/** What the dialect has beyond CommonMark: GFM, one case for each rule of its specification; TeX; footnotes. */
import { describe, expect, it } from 'vitest';
import type { Piece } from '../../src/shared/protocol/markdown';
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
    ['from the plain form', '| a | b |\n| - | - |\n| 1 | 2 |', table(head('a', 'b'), row('1', '2'))],
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
  ])('are drawn %s', (_name, text, expected) => expect(html(text)).toBe(expected));
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
  ])('have boxes where GitHub draws them: %j', (text, expected) => expect(html(text)).toBe(expected));
});

describe('emphasis beside Chinese, Japanese and Korean', () => {
  const strong = (words: string): string => `<strong>${words}</strong>`;
  it.each([
    ['**优点：**速度快', `${strong('优点：')}速度快`],
    ['这是**“重点”**内容', `这是${strong('“重点”')}内容`],
    ['**《红楼梦》**是小说', `${strong('《红楼梦》')}是小说`],
    ['使用**`npm run build`**命令', `使用${strong('<code>npm run build</code>')}命令`],
    ['**注意！**请先备份', `${strong('注意！')}请先备份`],
    ['价格为**¥99**。', `价格为${strong('¥99')}。`],
    ['（**可选**）参数', `（${strong('可选')}）参数`],
    ['**1、安装**：下载', `${strong('1、安装')}：下载`],
    ['**Speed：**Fast', `${strong('Speed：')}Fast`],
    ['これは**「重要なこと」**です。', `これは${strong('「重要なこと」')}です。`],
    ['**テスト（test）**を実行', `${strong('テスト（test）')}を実行`],
    ['半角ｶﾅは**ﾃｽﾄ。**です', `半角ｶﾅは${strong('ﾃｽﾄ。')}です`],
    ['**마크다운(Markdown)**은 쉽다', `${strong('마크다운(Markdown)')}은 쉽다`],
    ['이것은 **"중요"**합니다', `이것은 ${strong('&quot;중요&quot;')}합니다`],
    ['*重点：*内容', '<em>重点：</em>内容'],
    ['***重点：***内容', '<em><strong>重点：</strong></em>内容'],
    ['~~不对。~~这样才对', '<del>不对。</del>这样才对'],
    ['**葛󠄀城市：**奈良', `${strong('葛󠄀城市：')}奈良`],
    ['**完成！**🎉接着', `${strong('完成！')}🎉接着`],
    ['🎉**恭喜！**你', `🎉${strong('恭喜！')}你`],
    ['**𠮷野家（𠮷）**在', `${strong('𠮷野家（𠮷）')}在`],
    ['- **速度：**快\n- **价格：**低', null],
  ] as const)('%j', (text, expected) => {
    if (expected === null) expect(html(text)).not.toContain('*');
    else expect(html(text)).toBe(paragraph(expected));
  });

  it.each(['2**3**4 和 5 ** 6', '** 不是重点**', '变量 snake_case_name 与 __dunder', '5 * 3 = 15，6 * 2 = 12'])(
    'stays as it is written where nobody marks anything: %j',
    (text) => expect(html(text).replace('<strong>3</strong>', '**3**')).toBe(paragraph(text)),
  );
});

describe('lines as Windows ends them', () => {
  it('leave no blank at the end of a line of code', () => {
    for (const text of ['```\r\na\r\n  b\r\n```\r\n', '    a\r\n      b\r\n', '```\ra\r  b\r```'])
      expect(pieces(text)).toEqual([{ tag: 'pre', language: '', children: ['a\n  b'] }]);
  });

  it('are the same as all others', () => {
    const text = 'One  \ntwo\nthree\n\n- a\n- b\n\n$$\nx\ny\n$$\n\n| a |\n| - |\n| 1 |\n\n<div>\nx\n</div>\n';
    for (const lines of ['\r\n', '\r']) expect(pieces(text.replaceAll('\n', lines))).toEqual(pieces(text));
  });
});

describe('strikethrough', () => {
  it.each([
    ['~~old~~ new', paragraph('<del>old</del> new')],
    ['~~a\n\nb~~', '<p>~~a</p><p>b~~</p>'],
    ['so ~~~not~~~ at all', paragraph('so ~~~not~~~ at all')],
    // An exception: GFM strikes with single tildes, too.
    ['3~5 and 6~8', paragraph('3~5 and 6~8')],
  ])('takes two tildes on each side, within a paragraph: %j', (text, expected) => expect(html(text)).toBe(expected));
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
  ])('become links, and end where the address does: %j', (text, expected) =>
    expect(html(text)).toBe(paragraph(expected)),
  );
});

describe('TeX', () => {
  const inline = (tex: string): Piece => ({ tag: 'math', display: false, children: [tex] });
  const display = (tex: string): Piece => ({ tag: 'math', display: true, children: [tex] });
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
    ['$E=mc^2$', inside(inline('E=mc^2'))],
    ['$x$ and $y$', inside(inline('x'), ' and ', inline('y'))],
    ['$x$,$y$和$z$', inside(inline('x'), ',', inline('y'), '和', inline('z'))],
    ["the slope $f'$ and $f''(x)$", inside('the slope ', inline("f'"), ' and ', inline("f''(x)"))],
    ['\'$x$\' and "$y$"', inside("'", inline('x'), '\' and "', inline('y'), '"')],
    ['“$x$”与（$y$）', inside('“', inline('x'), '”与（', inline('y'), '）')],
    ['the $n$th and the $i$-th', inside('the ', inline('n'), 'th and the ', inline('i'), '-th')],
    ['CO$_2$ and H$_2$O at 10$^{-3}$', inside('CO', inline('_2'), ' and H', inline('_2'), 'O at 10', inline('^{-3}'))],
    ['$速度 = \\frac{距离}{时间}$', inside(inline('速度 = \\frac{距离}{时间}'))],
    ['当$x=1，y=2$时', inside('当', inline('x=1，y=2'), '时')],
    ['$甲 + 乙$', inside(inline('甲 + 乙'))],
    ['$\\text{if $x$ is so}$', inside(inline('\\text{if $x$ is so}'))],
    ['$\\{a, b\\}$', inside(inline('\\{a, b\\}'))],
    ['$a < b$ and $c > d$', inside(inline('a < b'), ' and ', inline('c > d'))],
    ['$-5$ to $+5$', inside(inline('-5'), ' to ', inline('+5'))],
    ['$.5$ and $1,234.56$', inside(inline('.5'), ' and ', inline('1,234.56'))],
    ['$\\alpha$-helix', inside(inline('\\alpha'), '-helix')],
    ['$(0, 1]$ and $[0, 1)$', inside(inline('(0, 1]'), ' and ', inline('[0, 1)'))],
    ['$|x|$ $+$ $=$', inside(inline('|x|'), ' ', inline('+'), ' ', inline('='))],
    ['$5 \\times 3$', inside(inline('5 \\times 3'))],
    ['$5 mod 3 = 2$', inside(inline('5 mod 3 = 2'))],
    ['$speed = distance / time$', inside(inline('speed = distance / time'))],
    ['at $5 the set $x$', inside('at $5 the set ', inline('x'))],
    ["the '$' sign, and $x$", inside("the '$' sign, and ", inline('x'))],
    ['so $$ x + y $$ inside', inside('so ', display(' x + y '), ' inside')],
    ['$n$(正整数)', inside(inline('n'), '(正整数)')],
  ])('is told from money and other signs: %j', (text, expected) => expect(pieces(text)).toEqual(expected));

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
    "variables start with '$', and in Perl '$' marks",
    'variables start with "$", and in Perl "$" marks',
    '变量以“$”开头，「$」也是',
    "from '$x' or '$' on",
    'in PHP ($) and Perl ($) alike',
    '$5，而不是10$',
    '花了$5，剩下10$。',
    '（$5）或（10$）',
    '一个$和另一个$',
    '5ドルは$5、10ドルは10$です',
    '가격은 $5이고, 저것은 10$입니다',
    'USD($)和CNY(¥)与HKD($)',
    '$5+shipping and 10$',
    '$5; rate=10$',
    '$5 (about 4€), or 10$',
    '$5, $6 and 7$',
    '$1 = ¥7, so $5 = ¥35',
    '1$ = 7¥ and 2$ = 14¥',
    '$HOME/bin:$PATH',
    '"${a}${b}" and ${c}/$d',
    '$(date)$(time)',
    "$('#a').on(x,$('#b'))",
    'if $foo=$bar or ($a,$b)',
    'my @x = ($a, $b); $i++; $j--',
    '/^\\d+$/ or /^\\w+$/',
    '^[a-z]+$, ^[0-9]+$',
    '(.*$)|(.+$)',
    '$5–$10 or $5/$6',
    '-$5 to -$10',
    'HK$100 or NT$400, A$5$',
    '$ npm install$',
    'rated $$ to $$',
    'rated $$–$$$, or $$$ and $$$$',
    'save $$$ now, and $$$ later',
    'so many words $that are no formula at all$ here',
    'As \\[1\\] and \\[2, 3\\] say',
    'See \\[this](x) and $$',
  ])('none in %j', (text) => {
    expect(JSON.stringify(pieces(text))).not.toContain('math');
  });

  it('that has only been opened is shown as it is while the text grows, and is none when it ends so', () => {
    for (const text of ['$$\nx\n\ny', '\\[\nx', '$$ x\ny']) {
      expect(JSON.stringify(pieces(text, false))).toContain('math-source');
      expect(JSON.stringify(pieces(text))).not.toContain('math');
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
  ])('are kept in pairs, and are words otherwise: %j', (text, expected) =>
    expect(html(text)).toBe(paragraph(expected)),
  );
});

// @vitest-environment node
// As in a worker: KaTeX looks at a document, and the one of happy-dom has no doctype.
import { describe, expect, it } from 'vitest';
import type { Piece, PieceElement } from '../../src/shared/protocol/markdown';
import { finish, workFor, type Finishers } from '../../workers/markdown/finish';
import { highlight } from '../../workers/markdown/highlight';
import { render } from '../../workers/markdown/render';
import { typeset } from '../../workers/markdown/typeset';

const start = { prefix: '', continues: false, definitions: {}, whole: true };
const both: Finishers = { highlight, typeset };
const finished = (text: string, finishers = both): readonly Piece[] =>
  finish(render({ ...start, text }), finishers).blocks.map(({ content }) => JSON.parse(content) as Piece);

function* within(pieces: readonly Piece[]): Generator<PieceElement> {
  for (const piece of pieces) {
    if (typeof piece === 'string') continue;
    yield piece;
    yield* within(piece.children ?? []);
  }
}
const wordsOf = (pieces: readonly Piece[]): string =>
  pieces.map((piece) => (typeof piece === 'string' ? piece : wordsOf(piece.children ?? []))).join('');
const tagsOf = (pieces: readonly Piece[]): readonly string[] => [...within(pieces)].map(({ tag }) => tag);

describe('code', () => {
  it.each([
    ['js', 'const a = `x${1 + b}`; // why\n'],
    ['python', 'def f(x):\n    """doc"""\n    return x + 1\n'],
    ['html', '<style>p { color: red }</style><script>let a = 1;</script>\n'],
    ['rust', 'fn main() { let s: &\'static str = "x"; }\n'],
    ['jsonc', '{ "a": [1, true] }\n'],
    ['sh', 'for f in *; do echo "$f"; done\n'],
  ])('in %s keeps every character and gets its colors', (language, code) => {
    const [block] = finished(`\`\`\`${language}\n${code}\`\`\``);
    expect(wordsOf([block ?? ''])).toBe(code.trimEnd());
    expect(tagsOf([block ?? ''])).toContain('token');
  });

  it('in a language that is not known stays plain', () => {
    expect(finished('```klingon\nlet a\n```')).toEqual([{ tag: 'pre', language: 'klingon', children: ['let a'] }]);
    expect(finished('```\nlet a\n```')).toEqual([{ tag: 'pre', language: '', children: ['let a'] }]);
  });

  it('shows characters that cannot be seen, colored or not', () => {
    for (const language of ['js', ''])
      expect(tagsOf(finished(`\`\`\`${language}\nlet a\u202e = 1;\n\`\`\``))).toContain('control');
  });

  it('without the part that colors is shown plain', () => {
    expect(finished('```js\nlet a;\n```', {})).toEqual([{ tag: 'pre', language: 'js', children: ['let a;'] }]);
  });
});

describe('TeX', () => {
  it('becomes spans for the eye and MathML for the ear', () => {
    const pieces = finished('$\\frac{a}{b}$');
    const tags = tagsOf(pieces);
    expect(tags).toContain('math:mfrac');
    expect(tags).toContain('tex:span');
    expect([...within(pieces)].some(({ style }) => style !== undefined)).toBe(true);
  });

  it('draws roots and braces', () => expect(tagsOf(finished('$\\sqrt{x} \\overbrace{y}$'))).toContain('svg:path'));

  it.each(['$\\frac{a$', '$\\nosuchcommand$', '$x}$'])(
    '%s that cannot be understood is shown as it is written',
    (text) => {
      const [paragraph] = finished(text);
      expect(paragraph).toEqual({
        tag: 'p',
        children: [{ tag: 'math-source', display: false, children: [text.slice(1, -1)] }],
      });
    },
  );

  it('without the part that typesets is shown as it is written', () => {
    expect(tagsOf(finished('$x$', {}))).toEqual(['p', 'math-source']);
  });

  const allowedTags = /^(p|math|math-source|tex:span|svg:(svg|path|line)|math:[a-z]+)$/;
  it.each([
    '\\href{javascript:alert(1)}{x}',
    '\\url{https://evil.example}',
    '\\includegraphics{https://evil.example/x.png}',
    '\\htmlStyle{background:url(https://evil.example)}{x}',
    '\\htmlClass{shell}{x}',
    '\\htmlId{app}{x}',
    '\\htmlData{x=1}{y}',
    '\\color{red;background:url(x)}x',
    '\\rule{1000em}{1000em}',
    '\\def\\a{\\a\\a}\\a',
    '\\newcommand{\\b}[1]{\\b{#1#1}}\\b{x}',
    '\\char"202E',
    '\\text{<img src=x onerror=alert(1)>}',
  ])('can name nothing of the page: %s', (tex) => {
    const pieces = finished(`$$${tex}$$`);
    for (const { tag, href, style, attributes } of within(pieces)) {
      expect(tag).toMatch(allowedTags);
      expect(href).toBeUndefined();
      expect(JSON.stringify([style, attributes])).not.toMatch(/url\(|javascript|evil/);
      for (const name of Object.keys(attributes ?? {})) expect(name).not.toMatch(/href|^(src|on.*|class|id|style)$/);
      const sizes = Object.values(style ?? {}).flatMap((value) => [...value.matchAll(/-?[\d.]+(?=em)/g)].map(Number));
      for (const size of sizes) expect(Math.abs(size)).toBeLessThan(40);
    }
  });
});

it('knows for which parts there is work', () => {
  const work = (text: string): object => workFor(render({ ...start, text }).blocks);
  expect(work('plain `code`\n\n```\nx\n```')).toEqual({ highlight: false, typeset: false });
  expect(work('- ```js\n  x\n  ```')).toEqual({ highlight: true, typeset: false });
  expect(work('> $x$')).toEqual({ highlight: false, typeset: true });
});

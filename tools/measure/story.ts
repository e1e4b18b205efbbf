/** A text like those that models write: paragraphs, lists, a table, code. Cut into tokens of a word or a mark. */

const sentence = (at: number): string[] => [
  `Sentence ${at} `,
  'says ',
  'a ',
  'few ',
  'plain ',
  'words ',
  'with ',
  '**weight** ',
  'and ',
  '`code` ',
  `and ends${at}`,
  '.',
];

function* section(at: number): Generator<string> {
  yield `\n\n## Part ${at}`;
  for (let paragraph = 0; paragraph < 3; paragraph += 1) {
    yield '\n\n';
    for (let line = 0; line < 4; line += 1) {
      yield* sentence(at);
      yield ' ';
    }
  }
  yield '\n\n';
  for (let item = 1; item <= 6; item += 1) yield* [`${item}. `, 'an ', 'item ', 'of ', 'a ', 'list', '\n'];
  yield '\n```js\n';
  for (let line = 0; line < 12; line += 1)
    yield* ['const ', `value${line}`, ' = ', `compute(${at}, ${line})`, ';', '\n'];
  yield '```\n\n| name | value |\n| --- | --- |\n';
  for (let line = 0; line < 6; line += 1) yield* ['| ', `row ${line}`, ' | ', `${at * line}`, ' |\n'];
}

/** The first `count` tokens of an endless report. */
export function storyTokens(count: number): string[] {
  const tokens: string[] = [];
  for (let at = 1; tokens.length < count; at += 1) tokens.push(...section(at));
  return tokens.slice(0, count);
}

/** One paragraph without an end: nothing in it is ever settled by a blank line. */
export const endlessParagraph = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `word${index} `);

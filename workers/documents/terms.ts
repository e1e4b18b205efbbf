/** Words as the search of documents compares them: those of a question need not have the same ending as those of a text. */
import { queryWords, wordsOf, wordTexts, isPair, type Word } from '../words';

/** Asked in every question, and found everywhere. */
const stopWords = new Set(
  (
    'a about all also am an and any are as at be been being but by can could did do does doing for from get had has have having ' +
    'how i if in into is it its itself me my no not of on or our s should so some such t than that the their them then there ' +
    'these they this those to too up us was we were what when where which while who whom whose why will with would you your'
  ).split(' '),
);
/** Of questions in Chinese: asked for, never what is asked about. */
const stopPairs = new Set(
  '什么 怎么 如何 为什 为何 哪些 哪个 哪里 多少 是否 可以 怎样 请问 一个 这个 那个 我们 你们 他们 的是 了吗 是什 么是 怎么办 能否 有什 么样 怎样 是怎 样的 样工 吗'.split(
    ' ',
  ),
);

/** English alone has the same word with these endings; other languages of the script lose nothing by it. */
export function stem(word: string): string {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
  let root = word;
  if (root.endsWith('ies') && root.length > 4) root = `${root.slice(0, -3)}y`;
  else if (/(?:ss|sh|ch|x|z)es$/.test(root)) root = root.slice(0, -2);
  else if (/[^sui]s$/.test(root)) root = root.slice(0, -1);
  if (/[aeiouy].*ing$/.test(root) && root.length > 5) root = root.slice(0, -3);
  else if (/[aeiouy].*ed$/.test(root) && root.length > 4) root = root.slice(0, -2);
  if (/([bdfgmnprt])\1$/.test(root) && root.length > 4) root = root.slice(0, -1);
  return root.endsWith('e') && root.length > 3 ? root.slice(0, -1) : root;
}

export const termsOf = (text: string): string[] => wordTexts(text).map(stem);

/** What a question asks about. All its words where nothing else is left. */
export function queryTerms(query: string): readonly string[] {
  const words = queryWords(query);
  const telling = words.filter((word) => !stopWords.has(word) && !stopPairs.has(word));
  return [...new Set((telling.length > 0 ? telling : words).map(stem))];
}

/** Where words of the question stand in a text; those that touch make one mark. */
export function marksIn(text: string, terms: ReadonlySet<string>): readonly (readonly [number, number])[] {
  const marks: [number, number][] = [];
  const note = ({ start, end }: Word): void => {
    const last = marks.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else marks.push([start, end]);
  };
  for (const word of wordsOf(text)) if (terms.has(stem(word.text))) note(word);
  return marks;
}

export { isPair };

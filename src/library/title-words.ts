/** What a model is asked for a title, and what of its answer is one. */

const longest = 60;

/** In the language of the conversation, which may be another than that of the page. */
export function titleQuestion(firstQuestion: string): string {
  const isChinese = /\p{Script=Han}/u.test(firstQuestion);
  return isChinese
    ? '请为以上对话起一个标题，不超过十二个字。只回答标题本身，不要加引号或说明。'
    : 'Give this conversation a title of at most six words, in its own language. Answer with the title alone, without quotation marks.';
}

const quotes = /^["'“”‘’«»「」『』《》*_`#\s]+|["'“”‘’«»「」『』《》*_`\s.。]+$/gu;

/**
 * Direction marks and other characters that cannot be seen would make a list lie. What joins the signs of an emoji, or the
 * letters of scripts that need it, is none of these.
 */
const unseen =
  /(?!(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])\u200d(?=\p{Extended_Pictographic}))(?!(?<=[\p{sc=Arab}\p{sc=Deva}\p{sc=Beng}\p{sc=Guru}\p{sc=Gujr}\p{sc=Orya}\p{sc=Taml}\p{sc=Telu}\p{sc=Knda}\p{sc=Mlym}\p{sc=Sinh}])[\u200c\u200d])[\p{Cc}\p{Cf}]/gu;

/** The title in a model's answer; null where it said something else. */
export function titleFrom(answer: string): string | null {
  const [line = ''] = answer.trim().split(/[\r\n]/, 1);
  const title = line
    .replace(/^\s*(title|标题)\s*[:：]/iu, '')
    .replaceAll(unseen, '')
    .replaceAll(quotes, '')
    .replaceAll(/\s+/gu, ' ');
  if (title.length < 2 || title.length > longest || /[<>{}]/.test(title)) return null;
  return title;
}

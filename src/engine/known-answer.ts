/** A question whose answer is known, asked right after the first load on a GPU: some drivers compute rubbish, and quickly. */
import type { GenerationRequest } from '../shared/protocol/engine';

export const knownQuestion: Omit<GenerationRequest, 'jobId'> = {
  turns: [{ role: 'user', content: 'Count from 1 to 9. Answer with the digits only.' }],
  sampling: { temperature: 0, maxTokens: 40 },
  thinking: 'off',
};

/** `right`: the digits in their order. `readable`: something else that people write; small models miscount. */
export type Judgement = 'right' | 'readable' | 'rubbish';

const scripts = [
  /\p{Script=Latin}/u,
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Arabic}|\p{Script=Hebrew}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Devanagari}|\p{Script=Bengali}|\p{Script=Tamil}|\p{Script=Thai}/u,
];
/** Nobody who is asked to count answers in more of them. */
const mostScripts = 2;

/** Below this, repeating a word is no sign of anything. */
const fewWords = 8;

export function judgeAnswer(text: string): Judgement {
  const answer = text.replace(/<\/?think>/g, ' ').trim();
  if (/1\D*2\D*3\D*4\D*5\D*6\D*7\D*8\D*9/.test(answer)) return 'right';
  // eslint-disable-next-line no-control-regex
  if (answer === '' || /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\ufffd]/.test(answer)) return 'rubbish';
  if (scripts.filter((script) => script.test(answer)).length > mostScripts) return 'rubbish';
  if (!/[\p{L}\p{N}]/u.test(answer)) return 'rubbish';
  return isRepeated(answer) ? 'rubbish' : 'readable';
}

/** One or two words, or signs, over and over. */
function isRepeated(answer: string): boolean {
  const words = answer.split(/\s+/);
  if (words.length >= fewWords) return new Set(words).size <= 2;
  // "aaaa…", "!!!!…", "的的的…": without blanks there are no words to count.
  return answer.length >= 3 * fewWords && new Set(answer.replace(/\s/g, '')).size <= 3;
}

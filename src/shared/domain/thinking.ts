/** Tells what a model thought from what it answered. */
import { answerMarks, thoughtMarks } from './thought-marks';
import { channelMessages, channelOpeners, finalHeader, hasChannels } from './thought-channels';

export interface Thought {
  /** Null where there is none, or nothing in it. */
  readonly thinking: string | null;
  readonly answer: string;
  /** The thought has not come to an end. */
  readonly open: boolean;
}

interface Split extends Thought {
  /** What an answer is put behind: the text before it, and where that is a thought without an end, its end. */
  readonly head: string;
}

/** `text` without an ending that may be the beginning of one of `marks`. */
function withoutBegunMark(text: string, ...marks: readonly string[]): string {
  const longest = Math.max(...marks.map(({ length }) => length)) - 1;
  for (let length = Math.min(longest, text.length); length > 0; length -= 1) {
    const ending = text.slice(-length);
    if (marks.some((mark) => mark.startsWith(ending))) return text.slice(0, -length);
  }
  return text;
}

const isBegun = (text: string, marks: readonly string[]): boolean =>
  marks.some((mark) => text.length < mark.length && mark.startsWith(text));

const openers = [...thoughtMarks.map(([opener]) => opener), ...channelOpeners];

const joined = (thoughts: readonly string[]): string | null =>
  thoughts
    .map((thought) => thought.trim())
    .filter(Boolean)
    .join('\n\n') || null;

/** Behind a thought, some put the answer into marks of its own. */
function withoutAnswerMarks(text: string, growing: boolean): string {
  const marks = answerMarks.find(([opener]) => text.startsWith(opener));
  if (!marks)
    return growing &&
      text !== '' &&
      isBegun(
        text,
        answerMarks.map(([opener]) => opener),
      )
      ? ''
      : text;
  const [opener, closer] = marks;
  const words = text.slice(opener.length).trimStart();
  const ended = words.trimEnd();
  if (ended.endsWith(closer)) return ended.slice(0, -closer.length).trimEnd();
  return growing ? withoutBegunMark(words, closer) : words;
}

/** Thoughts between marks at the beginning of a text: one, or several in a row. */
function splitMarked(text: string, growing: boolean): Split {
  const thoughts: string[] = [];
  let rest = text;
  for (;;) {
    const begun = rest.trimStart();
    const marks = thoughtMarks.find(([opener]) => begun.startsWith(opener));
    if (!marks) break;
    const [opener, closer] = marks;
    const body = begun.slice(opener.length);
    const end = body.indexOf(closer);
    if (end === -1) {
      const thinking = joined([...thoughts, growing ? withoutBegunMark(body, closer) : body]);
      return { thinking, answer: '', open: true, head: `${text.trimEnd()}\n${closer}\n\n` };
    }
    thoughts.push(body.slice(0, end));
    rest = body.slice(end + closer.length);
  }
  const begun = rest.trimStart();
  if (growing && begun !== '' && isBegun(begun, openers))
    return { thinking: joined(thoughts), answer: '', open: thoughts.length === 0, head: text };
  if (thoughts.length === 0) return splitUnopened(text, growing);
  const answer = withoutAnswerMarks(begun, growing);
  return { thinking: joined(thoughts), answer, open: false, head: text.slice(0, text.length - begun.length) };
}

/** The one mark that templates put into the prompt, so that the model never says it. */
const [unsaidOpener, closer] = ['<think>', '</think>'];

const fence = /^[ \t>]*(?:`{3,}|~{3,})/m;
const indentedCode = /(?:^|\n)[ \t]*\r?\n(?: {4}|\t)[ \t]*\S/;
const htmlCode = /<(?:pre|code)\b/i;

/** Whether code has begun before the end of a text: a block of any kind, or a span that is still open there. */
function hasCode(before: string): boolean {
  const paragraph = before.slice(before.lastIndexOf('\n\n') + 1);
  const line = before.slice(before.lastIndexOf('\n') + 1);
  return (
    fence.test(before) ||
    indentedCode.test(before) ||
    htmlCode.test(before) ||
    /^(?: {4}|\t)[ \t]*$/.test(line) ||
    paragraph.split('`').length % 2 === 0
  );
}

/** A thought that was never opened ends where its mark ends a line; an answer may well speak of the mark. */
function splitUnopened(text: string, growing: boolean): Split {
  const whole = { thinking: null, answer: text, open: false, head: '' };
  const at = text.indexOf(closer);
  if (at === -1) return whole;
  const before = text.slice(0, at);
  const after = text.slice(at + closer.length);
  if ((after !== '' && !/^[ \t]*[\r\n]/.test(after)) || before.includes(unsaidOpener) || hasCode(before)) return whole;
  // Whether it ends its line, the next character tells.
  if (growing && after === '') return { ...whole, answer: before };
  const answer = after.trimStart();
  return { thinking: joined([before]), answer, open: false, head: text.slice(0, text.length - answer.length) };
}

function splitChannels(text: string, growing: boolean): Split {
  const messages = channelMessages(text.trimStart());
  const contents = (thought: boolean): readonly string[] =>
    messages
      .filter((message) => message.thought === thought)
      .map(({ content, open }) =>
        growing && open
          ? withoutBegunMark(content, '<|start|>', '<|channel|>', '<|end|>', '<|return|>', '<|call|>')
          : content,
      );
  const thoughts = messages.filter(({ thought }) => thought).map(({ source }) => source);
  const last = messages.at(-1);
  const open = last?.thought === true && last.open;
  const before = thoughts.join('') + (open ? '<|end|>' : '');
  return {
    thinking: joined(contents(true)),
    answer: joined(contents(false)) ?? '',
    open,
    head: before + finalHeader(before),
  };
}

const split = (text: string, growing: boolean): Split =>
  hasChannels(text.trimStart()) ? splitChannels(text, growing) : splitMarked(text, growing);

/** @param growing more of the text may follow, so a mark that has only begun is not shown yet */
export function splitThinking(text: string, growing: boolean): Thought {
  const { thinking, answer, open } = split(text, growing);
  return { thinking, answer, open };
}

/** The text with other words for its answer; its thoughts stay as they were thought. */
export const withAnswer = (text: string, answer: string): string => split(text, false).head + answer;

/**
 * Open WebUI writes what is no word of an answer into it as HTML: `<details type="reasoning">`, `tool_calls` and
 * `code_interpreter`, any number of them, anywhere. Here they are taken out, and what stands in code is left alone.
 *
 * Each character is looked at a fixed number of times: an answer may be ten megabytes of half tags.
 */
import type { LeftOutKind } from '../../src/shared/protocol/chat-files';

export interface WithoutDetails {
  readonly text: string;
  /** In the order in which they stand. */
  readonly thoughts: readonly string[];
  /** ms; absent where no block tells. */
  readonly thinkingMs?: number;
  readonly leftOut: readonly LeftOutKind[];
}

interface Tag {
  readonly attributes: ReadonlyMap<string, string>;
  /** Where the text after it begins. */
  readonly end: number;
}

interface Block extends Tag {
  /** What stands between its tags. */
  readonly inner: string;
  /** Where the text after it begins. */
  readonly end: number;
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', '#x27': "'", '#39': "'" };
const unescaped = (text: string): string =>
  text.replaceAll(/&(lt|gt|amp|quot|#x27|#39);/g, (all, name: string) => entities[name] ?? all);

const opener = '<details';
/** A fence of code, or a tag. A fence may stand in a quotation or a list. */
const landmark = /^[ \t>]*(`{3,}|~{3,})|<details(?=[\s>])|<\/details\s{0,20}>/gim;

/** The tag at `start`; null where it does not end. */
function tagAt(text: string, start: number): Tag | null {
  const attributes = new Map<string, string>();
  let at = start + opener.length;
  const attribute = /\s*([^\s=<>"']+)(?:=(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/y;
  for (;;) {
    attribute.lastIndex = at;
    const [all = '', name, double, single, bare] = attribute.exec(text) ?? [];
    if (name === undefined) break;
    attributes.set(name.toLowerCase(), double ?? single ?? bare ?? '');
    at += all.length;
  }
  const end = /\s*>/y;
  end.lastIndex = at;
  const [close] = end.exec(text) ?? [];
  return close === undefined ? null : { attributes, end: at + close.length };
}

/** Looks for the lines that close fences, and remembers of which length there are none any more. */
class Fences {
  readonly #none = new Map<string, number>();

  constructor(private readonly text: string) {}

  /** Where the text after the block of code begins whose fence ends at `from`; null where it does not end. */
  end(fence: string, from: number): number | null {
    const mark = fence.charAt(0);
    if (fence.length >= (this.#none.get(mark) ?? Number.POSITIVE_INFINITY)) return null;
    const closer = new RegExp(`^[ \\t>]*${mark}{${fence.length},}[ \\t]*$`, 'gm');
    closer.lastIndex = from;
    const found = closer.exec(this.text);
    if (found) return found.index + found[0].length;
    this.#none.set(mark, fence.length);
    return null;
  }
}

/** Farther away in its line, nobody looks for the backtick that belongs to another. */
const inlineReach = 500;

/** Whether what stands at `at` is code within its line: between a backtick before it and one after it. */
function isInlineCode(text: string, at: number): boolean {
  const before =
    text
      .slice(Math.max(0, at - inlineReach), at)
      .split('\n')
      .at(-1) ?? '';
  if (!before.replaceAll(/(`+)[^`]+\1(?!`)/g, '').includes('`')) return false;
  return text
    .slice(at, at + inlineReach)
    .split('\n', 1)
    .some((after) => after.includes('`'));
}

/** The block that begins with `tag`; to the end of the text where it is cut off. */
function blockOf(text: string, tag: Tag, fences: Fences): Block {
  // Only here is code in it that is not quoted, and that may have tags in it.
  const hasCode = tag.attributes.get('type') === 'code_interpreter';
  const marks = new RegExp(landmark);
  marks.lastIndex = tag.end;
  let depth = 1;
  for (let found = marks.exec(text); found; found = marks.exec(text)) {
    const [all, fence] = found;
    if (fence !== undefined) {
      if (hasCode) marks.lastIndex = fences.end(fence, found.index + all.length) ?? marks.lastIndex;
    } else if (all.startsWith('</')) depth -= 1;
    else depth += 1;
    if (depth === 0) return { ...tag, inner: text.slice(tag.end, found.index), end: found.index + all.length };
  }
  return { ...tag, inner: text.slice(tag.end), end: text.length };
}

const thoughtIn = (inner: string): string =>
  unescaped(
    inner
      .replace(/<summary>[^<]{0,1000}<\/summary>/, '')
      .replaceAll(/^(?:>|&gt;) ?/gm, '')
      .trim(),
  );

/** @param content an answer as Open WebUI stores it */
export function withoutDetails(content: string): WithoutDetails {
  const kept: string[] = [];
  const thoughts: string[] = [];
  const leftOut: LeftOutKind[] = [];
  let seconds = 0;
  const fences = new Fences(content);
  const marks = new RegExp(landmark);
  let start = 0;
  for (let found = marks.exec(content); found; found = marks.exec(content)) {
    const [all, fence] = found;
    if (fence !== undefined) {
      // The rest is code.
      const end = fences.end(fence, found.index + all.length);
      if (end === null) break;
      marks.lastIndex = end;
      continue;
    }
    if (all.startsWith('</') || isInlineCode(content, found.index)) continue;
    const tag = tagAt(content, found.index);
    const type = tag?.attributes.get('type');
    if (tag === null || type === undefined) continue;
    const block = blockOf(content, tag, fences);
    kept.push(content.slice(start, found.index));
    start = block.end;
    marks.lastIndex = start;
    if (type === 'reasoning') {
      const thought = thoughtIn(block.inner);
      if (thought !== '') thoughts.push(thought);
      seconds += Number(block.attributes.get('duration')) || 0;
    } else if (type === 'tool_calls' || type === 'code_interpreter') {
      leftOut.push('tool-call');
      const result = block.attributes.get(type === 'tool_calls' ? 'result' : 'output');
      if (result) leftOut.push('tool-result');
    } else leftOut.push('unknown');
  }
  const text = kept.length === 0 ? content : joined([...kept, content.slice(start)]);
  return { text, thoughts, leftOut, ...(seconds > 0 ? { thinkingMs: seconds * 1000 } : {}) };
}

/** What stood before and after a block are paragraphs of their own. */
const joined = (parts: readonly string[]): string =>
  parts
    .map((part, index) => (index === 0 ? part : part.replace(/^(?:[ \t]*\n)+/, '')).trimEnd())
    .filter((part) => part !== '')
    .join('\n\n');

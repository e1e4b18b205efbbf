/** Finds the first object or array of JSON in a text, in one walk: a text of open brackets must not take its length squared. */

const literal = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const quoted = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y; // eslint-disable-line no-control-regex -- As JSON has it.
const space = /[ \t\n\r]*/y;
const bracket = /[{[]/g;

/** The place after what an expression matches (right here, if it is sticky); -1 where it does not match. */
function after(expression: RegExp, text: string, place: number): number {
  expression.lastIndex = place;
  return expression.test(text) ? expression.lastIndex : -1;
}

interface Walk {
  /** Where the outermost value ends; -1 where it is none. */
  readonly end: number;
  /** Where it stopped being JSON. */
  readonly stoppedAt: number;
  /** The first of the values within it that were whole before it stopped. */
  readonly inner: { readonly from: number; readonly end: number } | null;
}

type Expected = 'value' | 'value or end' | 'key' | 'key or end' | 'comma or end';

/** Reads the value that begins at a bracket, without recursion: a model may open a million of them. */
function walk(text: string, from: number): Walk {
  const open: number[] = [];
  let inner: Walk['inner'] = null;
  let expected: Expected = 'value';
  let place = from;
  const stop = (): Walk => ({ end: -1, stoppedAt: place, inner });
  for (;;) {
    place = after(space, text, place);
    const sign = text[place];
    if (sign === undefined) return stop();
    const start = open.at(-1);
    const inObject = start !== undefined && text[start] === '{';
    if (sign === (inObject ? '}' : ']') && start !== undefined && expected.endsWith('end')) {
      place += 1;
      open.pop();
      if (open.length === 0) return { end: place, stoppedAt: place, inner };
      if (inner === null || start < inner.from) inner = { from: start, end: place };
      expected = 'comma or end';
    } else if (expected === 'comma or end') {
      if (sign !== ',') return stop();
      place += 1;
      expected = inObject ? 'key' : 'value';
    } else if (expected.startsWith('key')) {
      const keyEnd = after(quoted, text, place);
      const colon = keyEnd === -1 ? -1 : after(space, text, keyEnd);
      if (text[colon] !== ':') return stop();
      place = colon + 1;
      expected = 'value';
    } else if (sign === '{' || sign === '[') {
      open.push(place);
      place += 1;
      expected = sign === '{' ? 'key or end' : 'value or end';
    } else {
      const end = after(sign === '"' ? quoted : literal, text, place);
      if (end === -1) return stop();
      place = end;
      expected = 'comma or end';
    }
  }
}

/** @returns its text, which `JSON.parse` takes; null where there is none */
export function firstJson(text: string): string | null {
  for (let place = 0; ;) {
    const found = after(bracket, text, place);
    if (found === -1) return null;
    const from = found - 1;
    const { end, stoppedAt, inner } = walk(text, from);
    if (end !== -1) return text.slice(from, end);
    if (inner !== null) return text.slice(inner.from, inner.end);
    place = Math.max(from + 1, stoppedAt);
  }
}

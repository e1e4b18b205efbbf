/**
 * Makes a script end itself. A frame shares its thread with the page in Firefox and WebKit: what loops for ever there takes the
 * page with it, timers included, and nobody could remove the frame. So every loop and every function looks at the clock.
 */
import { parseAst } from 'vite';

/** How long all of the script may take, in ms, from its first line on. */
export const guardedMs = 6000;

const check = '__guard();';

/** Reads the clock at every 512th step, as it costs more than a step. Once it is too late, nothing of the script goes on. */
const guard = `
const __guard = (() => {
  const end = performance.now() + ${guardedMs};
  let steps = 0;
  let overdue = false;
  return () => {
    if (!overdue && ((steps += 1) & 511 || performance.now() < end)) return;
    if (!overdue) {
      overdue = true;
      globalThis.onOverdue?.();
    }
    throw new Error('This takes too long');
  };
})();
`;

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly body?: Node | readonly Node[];
  readonly [key: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';

/** All nodes of a syntax tree. */
function* nodesOf(root: Node): Generator<Node> {
  const rest: Node[] = [root];
  for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
    yield node;
    for (const value of Object.values(node))
      for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) if (isNode(child)) rest.push(child);
  }
}

const guarded =
  /^(?:(?:For|ForIn|ForOf|While|DoWhile)Statement|Function(?:Declaration|Expression)|ArrowFunctionExpression)$/;

/** Where a block may begin with a statement: behind its directives, such as "use strict". */
function startOf({ start, body }: Node): number {
  const statements = Array.isArray(body) ? (body as readonly Node[]) : [];
  return statements.findLast(({ directive }) => typeof directive === 'string')?.end ?? start + 1;
}

/**
 * @param code a classic script
 * @returns the same, which throws from everywhere once it takes longer than `guardedMs`. It cannot tell of that itself: it calls
 * the global `onOverdue` for it, once.
 */
export function guardLoops(code: string): string {
  const inserts: (readonly [at: number, text: string])[] = [];
  for (const { type, body } of nodesOf(parseAst(code, { sourceType: 'script' }) as unknown as Node)) {
    if (!guarded.test(type) || !isNode(body)) continue;
    if (body.type === 'BlockStatement') inserts.push([startOf(body), check]);
    else if (type === 'ArrowFunctionExpression') inserts.push([body.start, `(__guard(),`], [body.end, ')']);
    else inserts.push([body.start, `{${check}`], [body.end, '}']);
  }
  // Stable: of two that end at one place, the inner one was found later and closes first either way, as both close alike.
  inserts.sort(([one], [other]) => one - other);
  let at = 0;
  const pieces = inserts.map(([to, text]) => {
    const piece = code.slice(at, to) + text;
    at = to;
    return piece;
  });
  return guard + pieces.join('') + code.slice(at);
}

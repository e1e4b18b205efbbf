/** The first code block of an answer that may be JavaScript or TypeScript. */

export interface CodeBlock {
  readonly code: string;
  readonly isTypeScript: boolean;
}

const javaScript = /^(?:|js|javascript|mjs|cjs|node|jsx)$/i;
const typeScript = /^(?:ts|typescript|mts|cts)$/i;

/**
 * A block that the end of the answer cuts off is one, too. Where there is no block at all, the whole answer counts as code if it defines
 * the function: "answer with code only" is often taken by the word.
 * @param name of the function that it should define
 */
export function codeBlock(text: string, name: string): CodeBlock | null {
  let fence: string | null = null;
  let lines: string[] = [];
  let isTypeScript = false;
  let fences = 0;
  for (const line of text.split('\n')) {
    const mark = /^ {0,3}(`{3,}|~{3,})[ \t]*([^\s`]*)/.exec(line);
    if (fence === null) {
      if (!mark) continue;
      fences += 1;
      const language = mark[2] ?? '';
      isTypeScript = typeScript.test(language);
      fence = mark[1] ?? '';
      // Other languages are passed over, with all that is in them.
      lines = [];
      if (!isTypeScript && !javaScript.test(language)) fence = `skip${fence}`;
    } else if (mark && line.trim() === mark[1] && mark[1].startsWith(fence.replace('skip', ''))) {
      if (!fence.startsWith('skip')) return { code: lines.join('\n'), isTypeScript };
      fence = null;
    } else lines.push(line);
  }
  if (fence !== null && !fence.startsWith('skip')) return { code: lines.join('\n'), isTypeScript };
  const defines =
    fences === 0 &&
    new RegExp(String.raw`(?:function\s*\*?|class|const|let|var)\s+${name.replaceAll('$', String.raw`\$`)}\b`).test(
      text,
    );
  return defines ? { code: text, isTypeScript: false } : null;
}

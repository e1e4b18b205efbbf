/**
 * promptfoo fills in what stands in braces not only in prompts, but also in values of variables and of checks. Here values are
 * filled in once, when a file is read, and whatever else has braces is marked as literal when a file is written.
 */
import { hasTemplate, templatePieces, variableIn, type Variables } from '../../src/shared/domain/lab/template';

const raw = { start: '{% raw %}', end: '{% endraw %}' } as const;

/** The text in a form that Nunjucks, and `unmarked`, read as the text itself. */
export const markedLiteral = (text: string): string =>
  /\{%-?\s*endraw/.test(text) ? `{{ ${JSON.stringify(text)} }}` : raw.start + text + raw.end;

/** Marked only where promptfoo would take it for something else: a template, or the name of a file. */
export const literalText = (text: string): string =>
  hasTemplate(text) || text.startsWith('file://') ? markedLiteral(text) : text;

/** The text that is marked as literal; null where it is not marked. */
export function unmarked(text: string): string | null {
  if (text.startsWith(raw.start) && text.endsWith(raw.end) && text.length >= raw.start.length + raw.end.length) {
    const inner = text.slice(raw.start.length, -raw.end.length);
    return /\{%-?\s*endraw/.test(inner) ? null : inner;
  }
  if (!text.startsWith('{{ "') || !text.endsWith('" }}')) return null;
  try {
    const inner: unknown = JSON.parse(text.slice(3, -3));
    return typeof inner === 'string' ? inner : null;
  } catch {
    return null;
  }
}

/** The text with the values of a case; null where it asks for more than that, or for a variable that the case does not have. */
export function filledValue(text: string, variables: Variables): string | null {
  const literal = unmarked(text);
  if (literal !== null) return literal;
  const parts = templatePieces(text).map((piece) =>
    piece.kind === 'variable' ? variableIn(variables, piece.name) : piece.kind === 'text' ? piece.source : undefined,
  );
  return parts.includes(undefined) ? null : parts.join('');
}

/**
 * Prompts with variables in double braces, as everybody writes them. promptfoo fills them in with Nunjucks; of that, only variables are
 * done here. Everything else is found and told, and stays as it is written.
 */
import type { PromptTurn } from './case-set';

export type TemplatePiece =
  | { readonly kind: 'text'; readonly source: string }
  | { readonly kind: 'variable'; readonly source: string; readonly name: string }
  /** A filter, a statement, a comment, or a name that Nunjucks would not take for one. */
  | { readonly kind: 'unsupported'; readonly source: string };

/** What a name may be in Nunjucks: no blank, bracket, operator or quotation mark, and neither a number nor a constant. */
const namePattern = /^(?!\d+$|(?:true|false|none|null|not|and|or|in|is|if|else)$)[^\s()[\]{}%*\-+~/#,:|.<>=!"'\\]+$/u;

/** Whether `{{name}}` can stand for it. */
export const isVariableName = (name: string): boolean => namePattern.test(name);

const closers = { '{': '}}', '%': '%}', '#': '#}' } as const;
type Opener = keyof typeof closers;

const isOpener = (character: string | undefined): character is Opener =>
  character !== undefined && character in closers;

function pieceOf(source: string, opener: Opener): TemplatePiece {
  const name = source.slice(2, -2).trim();
  return opener === '{' && isVariableName(name) ? { kind: 'variable', source, name } : { kind: 'unsupported', source };
}

/** The pieces of a text, in order; together they are the text. Takes time in proportion to its length, whatever is in it. */
export function templatePieces(text: string): readonly TemplatePiece[] {
  const pieces: TemplatePiece[] = [];
  // A mark that is never closed must not be looked for again at each of a million openings.
  const absent = new Set<Opener>();
  let shown = 0;
  let from = text.indexOf('{');
  while (from !== -1) {
    const opener = text[from + 1];
    const closed = isOpener(opener) && !absent.has(opener) ? text.indexOf(closers[opener], from + 2) : -1;
    if (isOpener(opener) && closed !== -1) {
      if (from > shown) pieces.push({ kind: 'text', source: text.slice(shown, from) });
      shown = closed + 2;
      pieces.push(pieceOf(text.slice(from, shown), opener));
      from = text.indexOf('{', shown);
    } else {
      if (isOpener(opener)) absent.add(opener);
      from = text.indexOf('{', from + 1);
    }
  }
  if (shown < text.length) pieces.push({ kind: 'text', source: text.slice(shown) });
  return pieces;
}

/** Whether Nunjucks would do anything with the text. */
export const hasTemplate = (text: string): boolean => templatePieces(text).some(({ kind }) => kind !== 'text');

const piecesOf = (turns: readonly PromptTurn[]): TemplatePiece[] =>
  turns.flatMap(({ content }) => templatePieces(content));

/** The variables that a prompt asks for, each once, in the order of their first use. */
export const templateNames = (turns: readonly PromptTurn[]): readonly string[] => [
  ...new Set(piecesOf(turns).flatMap((piece) => (piece.kind === 'variable' ? [piece.name] : []))),
];

/** What a prompt asks for and is not done, each once, as it is written: `{{ x | upper }}`, `{% if x %}`. */
export const unsupportedSyntax = (turns: readonly PromptTurn[]): readonly string[] => [
  ...new Set(piecesOf(turns).flatMap(({ kind, source }) => (kind === 'unsupported' ? [source] : []))),
];

export type Variables = Readonly<Record<string, string>>;

/** Undefined where there is none: what every object inherits, such as `constructor`, is no variable. */
export const variableIn = (variables: Variables, name: string): string | undefined =>
  Object.hasOwn(variables, name) ? variables[name] : undefined;

export interface RenderedTemplate {
  readonly turns: readonly PromptTurn[];
  /** Names without a value, each once; they stay in the text as they are written. */
  readonly missing: readonly string[];
}

/** Puts the values in, once: braces inside a value are text. */
export function renderTemplate(turns: readonly PromptTurn[], variables: Variables): RenderedTemplate {
  const missing = new Set<string>();
  const rendered = turns.map(({ role, content }) => ({ role, content: filled(content, variables, missing) }));
  return { turns: rendered, missing: [...missing] };
}

function filled(text: string, variables: Variables, missing: Set<string>): string {
  return templatePieces(text)
    .map((piece) => {
      if (piece.kind !== 'variable') return piece.source;
      const value = variableIn(variables, piece.name);
      if (value === undefined) missing.add(piece.name);
      return value ?? piece.source;
    })
    .join('');
}

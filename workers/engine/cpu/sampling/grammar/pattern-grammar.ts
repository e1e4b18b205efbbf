/** From a regular expression, the `pattern` of a string, to a grammar of what may stand between the quotes of a JSON string. */

/**
 * What the library compiles in about two seconds: 300 places of a few letters each. A repetition counts as often as it can
 * repeat, and a place that takes almost any character counts eight times.
 */
export const mostTerms = 300;
const wideTerms = 8;
/** What may not stand in a JSON string as itself. */
const unwritable = String.raw`"\\\x00-\x1f`;

const escapes: Readonly<Record<string, string>> = {
  d: '[0-9]',
  w: '[0-9A-Za-z_]',
  s: '[ ]',
  D: `[^0-9${unwritable}]`,
  W: `[^0-9A-Za-z_${unwritable}]`,
  S: `[^ ${unwritable}]`,
};
const inClass: Readonly<Record<string, string>> = { d: '0-9', w: '0-9A-Za-z_', s: ' ' };

export interface Part {
  readonly ebnf: string;
  /** What it costs, of `mostTerms`. */
  readonly terms: number;
}

/** Says why a pattern cannot be kept to. */
export class PatternError extends Error {}

class PatternReader {
  #at = 0;

  constructor(private readonly pattern: string) {}

  read(): Part {
    const whole = this.#alternatives();
    if (this.#at < this.pattern.length) throw new PatternError(`unexpected "${this.pattern[this.#at]}"`);
    return whole;
  }

  #alternatives(): Part {
    const options = [this.#row()];
    while (this.#take('|')) options.push(this.#row());
    return {
      ebnf: options.map(({ ebnf }) => ebnf).join(' | '),
      terms: options.reduce((sum, { terms }) => sum + terms, 0),
    };
  }

  #row(): Part {
    const parts: Part[] = [];
    while (this.#at < this.pattern.length && !/[|)]/.test(this.pattern[this.#at] ?? '')) parts.push(this.#repeated());
    return {
      ebnf: parts.length === 0 ? '""' : parts.map(({ ebnf }) => ebnf).join(' '),
      terms: parts.reduce((sum, { terms }) => sum + terms, 0),
    };
  }

  #repeated(): Part {
    const { ebnf, terms } = this.#atom();
    const [sign, least, comma, most] = /^(?:[*+?]|\{(\d+)(,)?(\d+)?\})/.exec(this.pattern.slice(this.#at)) ?? [];
    if (sign === undefined) return { ebnf, terms };
    this.#at += sign.length;
    if (/^[?+*{]/.test(this.pattern.slice(this.#at))) throw new PatternError('a repetition of a repetition');
    const times = least === undefined ? 1 : Math.max(1, Number(most ?? least));
    if (most !== undefined && Number(most) < Number(least)) throw new PatternError(`${sign} has no count`);
    const total = this.#counted(terms * times);
    return { ebnf: `${ebnf}${least === undefined ? sign : `{${least}${comma ?? ''}${most ?? ''}}`}`, terms: total };
  }

  #counted(terms: number): number {
    if (terms > mostTerms) throw new PatternError(`it repeats too often`);
    return terms;
  }

  #atom(): Part {
    const character = this.#next();
    if (character === '(') return this.#group();
    if (character === '[') return place(this.#class());
    if (character === '.') return place(`[^${unwritable}]`);
    if (character === '\\') return place(this.#escape());
    if (/[*+?{}^$]/.test(character)) throw new PatternError(`"${character}" in the middle`);
    return place(`[${inBrackets(character)}]`);
  }

  #group(): Part {
    if (this.#take('?') && !this.#take(':')) throw new PatternError('looking ahead, looking behind or a named group');
    const { ebnf, terms } = this.#alternatives();
    if (!this.#take(')')) throw new PatternError('a group that does not end');
    return { ebnf: `(${ebnf})`, terms };
  }

  #escape(): string {
    const name = this.#next();
    const known = escapes[name];
    if (known !== undefined) return known;
    if (/[A-Za-z0-9]/.test(name)) throw new PatternError(`\\${name}`);
    return `[${inBrackets(name)}]`;
  }

  #class(): string {
    const negated = this.#take('^');
    let content = '';
    for (let character = this.#next(); character !== ']'; character = this.#next()) {
      if (character !== '\\') content += character === '-' ? this.#dash(content) : inBrackets(character);
      else {
        const name = this.#next();
        if (inClass[name] === undefined && /[A-Za-z0-9]/.test(name)) throw new PatternError(`\\${name} in a class`);
        content += inClass[name] ?? inBrackets(name);
      }
    }
    if (content === '' && !negated) throw new PatternError('an empty class');
    return negated ? `[^${content}${unwritable}]` : `[${content}]`;
  }

  /** Between two characters it is a range; at an end it is itself. */
  #dash(before: string): string {
    return before === '' || this.pattern[this.#at] === ']' ? '\\-' : '-';
  }

  #take(character: string): boolean {
    if (this.pattern[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  /** By code point: half a surrogate pair is no character. */
  #next(): string {
    const code = this.pattern.codePointAt(this.#at);
    if (code === undefined) throw new PatternError('it ends too soon');
    const character = String.fromCodePoint(code);
    this.#at += character.length;
    return character;
  }
}

// eslint-disable-next-line no-control-regex
const place = (ebnf: string): Part => ({ ebnf, terms: /^\[\^|[^\x00-\x7f]/.test(ebnf) ? wideTerms : 1 });

/** A character that stands for itself within brackets. */
function inBrackets(character: string): string {
  // In JSON they are written as escapes, which a class cannot say.
  if (character === '"' || character === '\\' || character < ' ')
    throw new PatternError(`the character ${JSON.stringify(character)}`);
  return /[\]^[-]/.test(character) ? `\\${character}` : character;
}

/**
 * A pattern that is not bound to the beginning or the end holds anywhere in a text; the text is then the pattern and nothing else.
 * @param termsLeft what it may cost
 * @throws PatternError for what is no pattern, or is more than a grammar can say
 */
export function patternGrammar(pattern: string, termsLeft: number): Part {
  try {
    new RegExp(pattern);
  } catch (error) {
    throw new PatternError(String(error));
  }
  const inner = pattern.replace(/^\^/, '').replace(/(?<!\\)\$$/, '');
  const whole = new PatternReader(inner).read();
  if (whole.terms > termsLeft) throw new PatternError('it is too large, or all patterns are together');
  return whole;
}

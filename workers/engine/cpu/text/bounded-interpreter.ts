/**
 * Runs a chat template with an end to it. Templates come with files from strangers, and one may loop for hours or double a text
 * until the tab dies; the library has no bounds of its own. So every expression costs, by the size of what it yields, and
 * what it yields may only be so large. Time would be no measure: a phone that was put away in between has done nothing wrong.
 */
import { Environment, Interpreter, parse, tokenize } from '@huggingface/jinja';

type Statement = NonNullable<Parameters<Interpreter['evaluate']>[0]>;
type Value = ReturnType<Interpreter['evaluate']>;
export type ParsedTemplate = ReturnType<typeof parse>;

/** Real templates take some dozens of steps for each message. */
const mostSteps = 2_000_000;
/** UTF-16 units of a text, or of all that a list holds, each of its entries counted as so many. */
const largestValue = 16_000_000;
const unitsPerEntry = 16;
const longestRange = 100_000;
/** A round of a loop costs as much as so many expressions, a unit of text so little. */
const stepsPerRound = 8;
const stepsPerFilteredEntry = 1 / 4;
const unitsPerStep = 64;
/** Deeper nesting would end the parser's stack, in some browsers the whole tab. */
const deepestNesting = 400;

export class TemplateTooMuch extends Error {
  override readonly name = 'TemplateTooMuch';
}

/** @throws what the library says of errors in it */
export function parseTemplate(source: string): ParsedTemplate {
  return parse(tokenize(source, { lstrip_blocks: true, trim_blocks: true }));
}

/** @throws TemplateTooMuch, and what the template or the library throws */
export function runTemplate(template: ParsedTemplate, variables: Readonly<Record<string, unknown>>): string {
  const environment = new Environment();
  for (const [name, value] of Object.entries({ ...globals, ...variables })) environment.set(name, value);
  const text: unknown = new BoundedInterpreter(environment).run(template).value;
  return String(text);
}

class BoundedInterpreter extends Interpreter {
  #steps = 0;
  #depth = 0;
  /** What lists and objects weigh. They never change once they are made. */
  readonly #weights = new WeakMap<Value, number>();
  /** Expressions whose value is gone through entry by entry, and what each entry costs. */
  readonly #rounds = new WeakMap<Statement, number>();
  /** Expressions that stand for an empty list where they are undefined. */
  readonly #lists = new WeakSet<Statement>();

  override evaluate(statement: Statement | undefined, environment: Environment): Value {
    this.#spend(1);
    if (statement) this.#note(statement);
    let value = this.#deeper(() => this.#stripped(statement, environment) ?? super.evaluate(statement, environment));
    if (value.type === 'UndefinedValue' && statement && this.#lists.has(statement))
      value = super.evaluate(emptyList, environment);
    if (isText(value)) {
      if (value.value.length > largestValue) throw new TemplateTooMuch('the template makes too long a text');
      this.#spend(value.value.length / unitsPerStep);
    } else if (isCollection(value)) {
      this.#weigh(value, largestValue);
      const entries = isList(value) ? value.value.length : value.value.size;
      this.#spend(entries * ((statement && this.#rounds.get(statement)) ?? 1 / unitsPerStep));
    }
    return value;
  }

  /** A loop goes on after a `continue` from deep inside it, which the library throws. */
  #deeper(evaluate: () => Value): Value {
    this.#depth += 1;
    try {
      if (this.#depth > deepestNesting) throw new TemplateTooMuch('the template calls itself too often');
      return evaluate();
    } finally {
      this.#depth -= 1;
    }
  }

  /** The library's `strip` and its kin take no letters to strip, and take off all blanks where Qwen3 asks for line breaks only. */
  #stripped(statement: Statement | undefined, environment: Environment): Value | undefined {
    const { callee, args } = (statement ?? {}) as CallParts;
    const letters = args?.length === 1 ? args[0] : undefined;
    const side =
      callee?.type === 'MemberExpression' && !callee.computed ? strips.get(callee.property.value) : undefined;
    if (side === undefined || !callee || !letters) return undefined;
    const text = this.evaluate(callee.object, environment);
    const stripped = this.evaluate(letters, environment);
    if (!isText(text) || !isText(stripped)) return undefined;
    const TextOfLibrary = text.constructor as new (value: string) => TextValue;
    return new TextOfLibrary(strip(text.value, new Set(stripped.value), side));
  }

  /**
   * Jinja takes what is undefined for an empty list where it is gone through or counted, as the tools that templates look for
   * and no conversation here has; the library fails.
   */
  #note(statement: Statement): void {
    const { iterable, operand, filter } = statement as FilterParts & { readonly iterable?: Statement };
    if (operand) {
      this.#rounds.set(operand, stepsPerFilteredEntry);
      if (listFilters.has(filter?.value ?? filter?.callee?.value ?? '')) this.#lists.add(operand);
    }
    if (!iterable) return;
    // `for x in list if …` is parsed as a selection from the list.
    const { lhs } = iterable as Statement & { lhs?: Statement };
    for (const list of lhs ? [iterable, lhs] : [iterable]) {
      this.#rounds.set(list, stepsPerRound);
      this.#lists.add(list);
    }
  }

  #spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps > mostSteps) throw new TemplateTooMuch('the template does not come to an end');
  }

  /** A list of lists of lists is small in memory where they are one and the same, and endless when it is written out. */
  #weigh(value: Value, most: number): number {
    if (isText(value)) return unitsPerEntry + value.value.length;
    if (!isCollection(value)) return unitsPerEntry;
    const known = this.#weights.get(value);
    if (known !== undefined) return known;
    let weight = unitsPerEntry;
    let changes = value.type === 'NamespaceValue';
    for (const entry of value.value.values()) {
      this.#spend(1 / unitsPerStep);
      weight += this.#weigh(entry, most - weight);
      if (weight > most) throw new TemplateTooMuch('the template makes too large a list');
      if (isCollection(entry) && !this.#weights.has(entry)) changes = true;
    }
    if (!changes) this.#weights.set(value, weight);
    return weight;
  }
}

interface CallParts {
  readonly args?: readonly Statement[];
  readonly callee?: Statement & {
    readonly computed: boolean;
    readonly object: Statement;
    readonly property: Statement & { readonly value: string };
  };
}

type FilterParts = Statement & {
  readonly operand?: Statement;
  /** A name, or a call of one. */
  readonly filter?: { readonly value?: string; readonly callee?: { readonly value?: string } };
};

/** Filters that Jinja lets begin with an undefined list. */
const listFilters = new Set([
  'length',
  'list',
  'join',
  'map',
  'select',
  'reject',
  'selectattr',
  'rejectattr',
  'sort',
  'unique',
]);
const emptyList = { type: 'ArrayLiteral', value: [] } as unknown as Statement;

type Side = 'both' | 'start' | 'end';
const strips: ReadonlyMap<string, Side> = new Map([
  ['strip', 'both'],
  ['lstrip', 'start'],
  ['rstrip', 'end'],
]);

function strip(text: string, letters: ReadonlySet<string>, side: Side): string {
  const all = [...text];
  let start = 0;
  let end = all.length;
  if (side !== 'end') while (start < end && letters.has(all[start] ?? '')) start += 1;
  if (side !== 'start') while (end > start && letters.has(all[end - 1] ?? '')) end -= 1;
  return all.slice(start, end).join('');
}

type TextValue = Extract<Value, { value: string }>;
type ListValue = Extract<Value, { value: unknown[] }>;
type MapValue = Extract<Value, { value: ReadonlyMap<string, unknown> }>;

const isText = (value: Value): value is TextValue => typeof value.value === 'string';
const isList = (value: Value): value is ListValue => Array.isArray(value.value);
const isCollection = (value: Value): value is ListValue | MapValue => isList(value) || value.value instanceof Map;

/** What templates are given beside the conversation, as by Hugging Face's own renderer. */
const globals = {
  true: true,
  false: false,
  none: null,
  True: true,
  False: false,
  None: null,
  raise_exception(reason: unknown): never {
    throw new Error(String(reason));
  },
  range,
  strftime_now,
};

function range(first: number, second?: number, step = 1): readonly number[] {
  const [from, to] = second === undefined ? [0, first] : [first, second];
  const length = Math.max(0, Math.ceil((to - from) / step));
  // Also where it is no number at all.
  if (!(length <= longestRange)) throw new TemplateTooMuch('the template counts too far');
  return Array.from({ length }, (_, index) => from + index * step);
}

const pad = (value: number): string => String(value).padStart(2, '0');

/** The date in the words of C's strftime, of which templates use these. In English wherever the device is, as models were trained. */
function strftime_now(format: string): string {
  const now = new Date();
  const word = (options: Intl.DateTimeFormatOptions): string => new Intl.DateTimeFormat('en-US', options).format(now);
  const parts: Readonly<Record<string, () => string>> = {
    Y: () => String(now.getFullYear()),
    y: () => pad(now.getFullYear() % 100),
    m: () => pad(now.getMonth() + 1),
    d: () => pad(now.getDate()),
    e: () => String(now.getDate()).padStart(2),
    B: () => word({ month: 'long' }),
    b: () => word({ month: 'short' }),
    A: () => word({ weekday: 'long' }),
    a: () => word({ weekday: 'short' }),
    H: () => pad(now.getHours()),
    I: () => pad(now.getHours() % 12 || 12),
    M: () => pad(now.getMinutes()),
    S: () => pad(now.getSeconds()),
    p: () => (now.getHours() < 12 ? 'AM' : 'PM'),
    F: () => strftime_now('%Y-%m-%d'),
    T: () => strftime_now('%H:%M:%S'),
    '%': () => '%',
  };
  return format.replace(/%-?([a-zA-Z%])/g, (all, letter: string) => {
    const text = parts[letter]?.() ?? all;
    return all.startsWith('%-') ? text.replace(/^[0 ](?=\d)/, '') : text;
  });
}

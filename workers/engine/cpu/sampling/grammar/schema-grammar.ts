/**
 * From a JSON Schema to a grammar in the EBNF of the grammar library. The library has a converter of its own, which lets raw line
 * breaks and quotes into strings with a length or a pattern, forgets to escape names, writes wrong digits between bounds with
 * decimals, and aborts its whole program at a schema that it does not understand.
 *
 * Properties come in the order of the schema. Properties that it does not name are written only where it says so.
 */
import { formats, jsonRules, literalOf, plainCharacter } from './json-rules';
import { decimalNumbers, largestWritten, wholeNumbers } from './number-range';
import { mostTerms, patternGrammar, PatternError } from './pattern-grammar';
import {
  above,
  below,
  countOf,
  decoded,
  isObject,
  listOf,
  merged,
  numberOf,
  refuse,
  type Schema,
} from './schema-values';

export interface SchemaGrammar {
  readonly ebnf: string;
  /** What the schema asks for and no grammar sees to, such as "uniqueItems at #/properties/tags". */
  readonly relaxed: readonly string[];
}

const mostRules = 2000;
/** Schemas that are looked at: references can lead to the same one in more ways than there are atoms. */
const mostSchemas = 10_000;
const mostDepth = 60;
const mostLetters = 200_000;
/** Counted places of strings, in all of a schema: each takes the library about 40 ms. */
const mostPlaces = 32;
/** The same for items of arrays, which are cheap. */
const mostItems = 200;

const unchecked = [
  'not',
  'if',
  'multipleOf',
  'uniqueItems',
  'contains',
  'patternProperties',
  'propertyNames',
  'minProperties',
  'maxProperties',
  'dependentRequired',
  'dependentSchemas',
] as const;

/** Which type is meant where none is said, by the first of these that is there. */
const signs: readonly (readonly [type: string, keywords: readonly string[]])[] = [
  ['object', ['properties', 'required', 'additionalProperties', 'patternProperties']],
  ['array', ['items', 'prefixItems', 'minItems', 'maxItems']],
  ['string', ['pattern', 'minLength', 'maxLength', 'format']],
  ['number', ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum']],
];

class Converter {
  readonly relaxed: string[] = [];
  readonly #rules = new Map<string, string>(Object.entries(jsonRules));
  readonly #references = new Map<string, string>();
  /** References that are being followed and have written nothing yet: one that leads to itself would never end. */
  #following: readonly string[] = [];
  #placesLeft = mostPlaces;
  #termsLeft = mostTerms;
  #depth = 0;
  #schemas = 0;

  constructor(private readonly whole: unknown) {}

  get ebnf(): string {
    return [...this.#rules].map(([name, body]) => `${name} ::= ${body}\n`).join('');
  }

  convert(): void {
    this.#rules.set('root', this.#expression(this.whole, '#'));
    if (this.ebnf.length > mostLetters) refuse('the schema is too large');
  }

  #rule(body: string): string {
    const name = `rule${this.#rules.size}`;
    this.#rules.set(name, body);
    if (this.#rules.size > mostRules) refuse('the schema is too large');
    return name;
  }

  #inner(schema: unknown, path: string): string {
    const following = this.#following;
    this.#following = [];
    const expression = this.#expression(schema, path);
    this.#following = following;
    return this.#rule(expression);
  }

  #expression(schema: unknown, path: string): string {
    this.#depth += 1;
    this.#schemas += 1;
    if (this.#schemas > mostSchemas) refuse('the schema is too large');
    if (this.#depth > mostDepth) refuse(`the schema is nested too deeply at ${path.slice(0, 200)}`);
    const expression = this.#bySchema(schema, path);
    this.#depth -= 1;
    return expression;
  }

  #bySchema(schema: unknown, path: string): string {
    if (schema === true) return 'value';
    if (!isObject(schema)) return refuse(`no schema at ${path}`);
    for (const keyword of unchecked) if (keyword in schema) this.relaxed.push(`${keyword} at ${path}`);
    if (typeof schema['$ref'] === 'string') return this.#reference(schema['$ref'], schema, path);
    if ('const' in schema) return literalOf(schema['const']);
    if (Array.isArray(schema['enum'])) return this.#options(schema['enum'].map(literalOf), path);
    for (const keyword of ['anyOf', 'oneOf'] as const) {
      if (!Array.isArray(schema[keyword])) continue;
      const { [keyword]: options, ...rest } = schema;
      const each = listOf(options).map((option, index) =>
        this.#expression(merged(rest, option), `${path}/${keyword}/${index}`),
      );
      return this.#options(each, path);
    }
    if (Array.isArray(schema['allOf'])) {
      const { allOf, ...rest } = schema;
      return this.#expression(
        listOf(allOf).reduce<unknown>((sum, part) => merged(sum, this.#resolved(part)), rest),
        path,
      );
    }
    const type = schema['type'] ?? signs.find(([, keywords]) => keywords.some((keyword) => keyword in schema))?.[0];
    if (type === undefined) return 'value';
    if (!Array.isArray(type)) return this.#byType(type, schema, path);
    return this.#options(
      type.map((one) => this.#byType(one, schema, path)),
      path,
    );
  }

  #options(options: readonly string[], path: string): string {
    if (options.length === 0) refuse(`nothing is allowed at ${path}`);
    return options.length === 1 ? (options[0] ?? '') : `(${options.join(' | ')})`;
  }

  #byType(type: unknown, schema: Schema, path: string): string {
    switch (type) {
      case 'object':
        return this.#object(schema, path);
      case 'array':
        return this.#array(schema, path);
      case 'string':
        return this.#string(schema, path);
      case 'integer':
      case 'number':
        return this.#number(type, schema, path);
      case 'boolean':
        return '("true" | "false")';
      case 'null':
        return '"null"';
      default:
        return refuse(`no type ${JSON.stringify(type)} is known, at ${path}`);
    }
  }

  #reference(reference: string, schema: Schema, path: string): string {
    const { $ref, ...rest } = schema;
    void $ref;
    const target = this.#find(reference, path);
    // What stands beside a reference adds to it; a name or a description does not.
    if (Object.keys(rest).some((keyword) => /^(?:properties|required|type|min|max|pattern|items|enum)/.test(keyword)))
      return this.#expression(merged(this.#resolved(target), rest), path);
    if (this.#following.includes(reference)) refuse(`${reference} leads to itself`);
    const known = this.#references.get(reference);
    if (known !== undefined) return known;
    const name = this.#rule('""');
    this.#references.set(reference, name);
    const following = this.#following;
    this.#following = [...following, reference];
    this.#rules.set(name, this.#expression(target, reference));
    this.#following = following;
    return name;
  }

  #resolved(schema: unknown): unknown {
    let found = schema;
    for (let steps = 0; isObject(found) && typeof found['$ref'] === 'string'; steps += 1) {
      if (steps > mostDepth) refuse(`${found['$ref']} leads to itself`);
      const { $ref, ...rest } = found;
      found = merged(this.#find($ref, '#'), rest);
    }
    return found;
  }

  #find(reference: unknown, path: string): unknown {
    if (typeof reference !== 'string' || !/^#(?:\/|$)/.test(reference))
      return refuse(`${String(reference)} at ${path} is not in the schema`);
    let found: unknown = this.whole;
    for (const part of reference.split('/').slice(1)) {
      const key = decoded(part);
      const held = isObject(found) && Object.hasOwn(found, key);
      if (!held && !Array.isArray(found)) refuse(`${reference} is not in the schema`);
      found = (found as Schema)[key];
    }
    return found;
  }

  #object(schema: Schema, path: string): string {
    const properties = isObject(schema['properties']) ? schema['properties'] : {};
    const required = new Set(listOf(schema['required']).filter((name) => typeof name === 'string'));
    const named = new Map(Object.entries(properties));
    for (const name of required) if (!named.has(name)) named.set(name, true);
    const others = schema['additionalProperties'] ?? named.size === 0;
    if (named.size === 0 && others === true) return 'object';
    // From the last to the first: what may follow after a property, and what the object may begin with.
    let after = '""';
    let begin = '""';
    if (others !== false) {
      const member = this.#rule(`string ":" ws ${this.#inner(others, `${path}/additionalProperties`)} ws`);
      after = this.#rule(`("," ws ${member})*`);
      begin = this.#rule(`"" | ${member} ${after}`);
    }
    for (const [name, property] of [...named].reverse()) {
      const value = this.#inner(property, `${path}/properties/${name}`);
      const member = this.#rule(`${literalOf(name)} ":" ws ${value} ws`);
      const optional = !required.has(name);
      begin = this.#rule(`${member} ${after}${optional ? ` | ${begin}` : ''}`);
      after = this.#rule(`"," ws ${member} ${after}${optional ? ` | ${after}` : ''}`);
    }
    return this.#rule(`"{" ws ${begin} "}"`);
  }

  #array(schema: Schema, path: string): string {
    const first = listOf(schema['prefixItems'] ?? (Array.isArray(schema['items']) ? schema['items'] : []));
    const rest = Array.isArray(schema['items']) ? (schema['additionalItems'] ?? true) : (schema['items'] ?? true);
    const least = this.#items(countOf(schema['minItems']), `minItems at ${path}`) ?? mostItems;
    const most = this.#items(numberOf(schema['maxItems']), `maxItems at ${path}`);
    if (most !== undefined && most < least) refuse(`maxItems is less than minItems at ${path}`);
    if (first.length === 0 && least === 0 && most === undefined && rest === true) return 'array';
    const items = first.slice(0, most).map((item, index) => this.#inner(item, `${path}/prefixItems/${index}`));
    let more = '""';
    if (rest !== false && (most === undefined || most > items.length)) {
      const item = this.#inner(rest, `${path}/items`);
      const atLeast = Math.max(0, least - items.length);
      if (items.length === 0) return this.#rule(`"[" ws ${listRule(item, atLeast, most)} "]"`);
      more = `("," ws ${item} ws){${atLeast},${most === undefined ? '' : most - items.length}}`;
    }
    if (items.length === 0) return '"[" ws "]"';
    return this.#rule(`"[" ws ${items.map((item) => `${item} ws`).join(' "," ws ')} ${more} "]"`);
  }

  #items(count: number | undefined, what: string): number | undefined {
    if (count === undefined || count <= mostItems) return count === undefined ? undefined : Math.max(0, count);
    this.relaxed.push(what);
    return undefined;
  }

  #string(schema: Schema, path: string): string {
    const { pattern, format } = schema;
    if (typeof pattern === 'string') {
      for (const keyword of ['minLength', 'maxLength'])
        if (keyword in schema) this.relaxed.push(`${keyword} at ${path}`);
      try {
        const { ebnf, terms } = patternGrammar(pattern, this.#termsLeft);
        this.#termsLeft -= terms;
        return this.#rule(`"\\"" (${ebnf}) "\\""`);
      } catch (error) {
        if (error instanceof PatternError) refuse(`the pattern at ${path}: ${error.message}`);
        throw error;
      }
    }
    const known = typeof format === 'string' ? formats[format] : undefined;
    if (known !== undefined) return this.#rule(`"\\"" ${known} "\\""`);
    const least = countOf(schema['minLength']);
    const most = numberOf(schema['maxLength']);
    if (most !== undefined && most < least) refuse(`maxLength is less than minLength at ${path}`);
    return this.#bounded(least, most, path);
  }

  #bounded(least: number, most: number | undefined, path: string): string {
    if (most !== undefined && most <= this.#placesLeft) {
      this.#placesLeft -= most;
      // Each length is a rule of its own: to the library, a repetition with two bounds is twice the work.
      let rule = this.#rule('"\\""');
      for (let left = 1; left <= most; left += 1) {
        const mayEnd = most - left >= least;
        rule = this.#rule(`${mayEnd ? '"\\"" | ' : ''}${plainCharacter} ${rule}`);
      }
      return this.#rule(`"\\"" ${rule}`);
    }
    if (most !== undefined) this.relaxed.push(`maxLength at ${path}`);
    if (least === 0) return 'string';
    if (least > this.#placesLeft) this.relaxed.push(`minLength at ${path}`);
    const places = Math.min(least, this.#placesLeft);
    this.#placesLeft -= places;
    return this.#rule(`"\\"" ${Array.from({ length: places }, () => `${plainCharacter} `).join('')}text`);
  }

  #number(type: 'integer' | 'number', schema: Schema, path: string): string {
    const unit = type === 'integer' ? 1 : 1e-6;
    const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
    const over = exclusiveMinimum === true ? minimum : exclusiveMinimum;
    const under = exclusiveMaximum === true ? maximum : exclusiveMaximum;
    const least = [numberOf(minimum), above(numberOf(over), unit)].filter((bound) => bound !== undefined);
    const most = [numberOf(maximum), below(numberOf(under), unit)].filter((bound) => bound !== undefined);
    if (least.length + most.length === 0) return type;
    const bounds = { least: Math.max(-largestWritten, ...least), most: Math.min(largestWritten, ...most) };
    const options = type === 'integer' ? wholeNumbers(bounds) : decimalNumbers(bounds);
    if (options.length === 0) refuse(`there is no number at ${path}`);
    return this.#rule(options.join(' | '));
  }
}

function listRule(item: string, least: number, most: number | undefined): string {
  if (most === 0) return '""';
  const list = `${item} ws ("," ws ${item} ws){${Math.max(0, least - 1)},${most === undefined ? '' : most - 1}}`;
  return least > 0 ? list : `("" | ${list})`;
}

/**
 * @param schema the text of a JSON Schema; `{}` for any JSON
 * @throws FailureError `schema-invalid`, with the place and the reason
 */
export function schemaGrammar(schema: string): SchemaGrammar {
  try {
    const converter = new Converter(JSON.parse(schema));
    converter.convert();
    return { ebnf: converter.ebnf, relaxed: converter.relaxed };
  } catch (error) {
    // The stack may end within a constant or a pattern that is nested a thousand times.
    if (error instanceof SyntaxError || error instanceof RangeError) return refuse(String(error));
    throw error;
  }
}

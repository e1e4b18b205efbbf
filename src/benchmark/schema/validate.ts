/**
 * Reads unknown data by a JSON Schema: the part of its language that ours is written in. What comes out has the properties that
 * the schema names and no others, so that nothing strange gets any further.
 */

export interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | false;
  readonly maxProperties?: number;
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** Says where the data are not what they should be. */
export class Mismatch extends Error {
  override readonly name = 'Mismatch';
}

const typeOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
};

/** @throws Mismatch */
export function readBySchema(value: unknown, schema: Schema, root: Schema = schema, path = '$'): unknown {
  const rule = schema.$ref === undefined ? schema : resolve(schema.$ref, root);
  const refuse = (what: string): never => {
    throw new Mismatch(`${path} ${what}`);
  };
  const type = typeOf(value);
  const allowed = rule.type === undefined ? null : [rule.type].flat();
  const isInteger = typeof value === 'number' && Number.isInteger(value);
  if (allowed && !allowed.includes(type) && !(isInteger && allowed.includes('integer')))
    refuse(`is ${type}, not ${allowed.join(' or ')}`);
  if (rule.const !== undefined && value !== rule.const) refuse('has another value');
  if (rule.enum && !rule.enum.includes(value)) refuse('is none of the values it may have');
  if (typeof value === 'string') checkText(value, rule, refuse);
  if (typeof value === 'number') checkNumber(value, rule, refuse);
  if (Array.isArray(value)) return readList(value, rule, root, path, refuse);
  if (type === 'object') return readObject(value as Record<string, unknown>, rule, root, path, refuse);
  return value;
}

type Refuse = (what: string) => never;

function resolve(reference: string, root: Schema): Schema {
  const found = root.$defs?.[reference.replace('#/$defs/', '')];
  if (!found) throw new Error(`the schema has no ${reference}`);
  return found;
}

function checkText(value: string, { maxLength = 10_000, pattern }: Schema, refuse: Refuse): void {
  if (value.length > maxLength) refuse(`is longer than ${maxLength}`);
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(value)) refuse('is not written as it should be');
}

function checkNumber(value: number, { minimum = -Infinity, maximum = Infinity }: Schema, refuse: Refuse): void {
  if (!Number.isFinite(value) || value < minimum || value > maximum) refuse(`is ${value}`);
}

function readList(value: readonly unknown[], rule: Schema, root: Schema, path: string, refuse: Refuse): unknown[] {
  const { minItems = 0, maxItems = 10_000, prefixItems = [], items } = rule;
  if (value.length < minItems || value.length > maxItems) refuse(`has ${value.length} entries`);
  return value.map((entry, index) => {
    const own = prefixItems[index] ?? items;
    return own ? readBySchema(entry, own, root, `${path}[${index}]`) : refuse('has too many entries');
  });
}

function readObject(value: Record<string, unknown>, rule: Schema, root: Schema, path: string, refuse: Refuse): object {
  const { properties = {}, required = [], additionalProperties, maxProperties = 200 } = rule;
  // Without a prototype, "__proto__" is a name like any other.
  const own = (name: string): boolean => Object.hasOwn(value, name);
  for (const name of required) if (!own(name)) refuse(`has no ${name}`);
  const entries = Object.keys(properties)
    .filter(own)
    .map((name) => [name, properties[name] as Schema] as const);
  const others = additionalProperties
    ? Object.keys(value)
        .filter((name) => !Object.hasOwn(properties, name))
        .map((name) => [name, additionalProperties] as const)
    : [];
  if (entries.length + others.length > maxProperties) refuse('has too many properties');
  return Object.fromEntries(
    [...entries, ...others].map(([name, schema]) => [
      name,
      readBySchema(value[name], schema, root, `${path}.${name.slice(0, 40)}`),
    ]),
  );
}

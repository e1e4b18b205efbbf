import { dereference, validate, type Schema, type SchemaDraft } from '@cfworker/json-schema';
import type { Finding } from '../../src/shared/domain/lab/check';
import { failed, passed, undecided } from './finding';

const types = ['null', 'boolean', 'object', 'array', 'number', 'string', 'integer'];
/** Values, not schemas: what is called `$ref` in them refers to nothing. */
const plainValues: ReadonlySet<string> = new Set(['const', 'enum', 'default', 'examples']);

/** Why a schema cannot be used. */
class SchemaError extends Error {
  constructor(
    readonly reason: 'schema-unusable' | 'remote-schema',
    detail: string,
  ) {
    super(detail);
  }
}

function draftOf(schema: Schema): SchemaDraft {
  const named = /draft-0?([467])\b|(2019-09|2020-12)/.exec(schema.$schema ?? '');
  if (named?.[1] !== undefined) return named[1] === '4' ? '4' : '7';
  // Not every schema says which draft it is of: one that lists its items was written for an older one.
  return (named?.[2] as SchemaDraft | undefined) ?? (usesListOfItems(schema) ? '2019-09' : '2020-12');
}

const usesListOfItems = (schema: unknown): boolean =>
  typeof schema === 'object' &&
  schema !== null &&
  Object.entries(schema).some(([key, value]) => (key === 'items' && Array.isArray(value)) || usesListOfItems(value));

function refuseBrokenPattern(pattern: string): void {
  try {
    new RegExp(pattern, 'u');
  } catch (error) {
    throw new SchemaError('schema-unusable', String(error));
  }
}

/**
 * Refuses what the validator would take for "nothing is allowed", or would only find out about when an answer leads there.
 * @param lookup all schemas that can be referred to
 * @throws SchemaError
 */
function refuseUnusable(schema: unknown, lookup: Readonly<Record<string, unknown>>, isMap = false): void {
  if (typeof schema !== 'object' || schema === null) return;
  if (Array.isArray(schema)) {
    for (const part of schema) refuseUnusable(part, lookup);
    return;
  }
  const { $ref, __absolute_ref__: address, type, pattern, patternProperties } = schema as Schema;
  if (!isMap) {
    if (typeof $ref === 'string' && lookup[address ?? $ref] === undefined)
      throw new SchemaError($ref.startsWith('#') ? 'schema-unusable' : 'remote-schema', `$ref: ${$ref}`);
    const unknown = [type ?? []].flat().find((name) => !types.includes(name as string));
    if (unknown !== undefined) throw new SchemaError('schema-unusable', `type: ${JSON.stringify(unknown)}`);
    if (typeof pattern === 'string') refuseBrokenPattern(pattern);
    for (const key of Object.keys(patternProperties ?? {})) refuseBrokenPattern(key);
  }
  for (const [key, value] of Object.entries(schema))
    if (isMap || !plainValues.has(key))
      refuseUnusable(
        value,
        lookup,
        !isMap && /^(\$defs|definitions|properties|patternProperties|dependentSchemas|dependencies)$/.test(key),
      );
}

/** @throws SchemaError, or whatever the validator throws at what is no schema */
function errorsOf(value: unknown, text: string): readonly string[] {
  const schema = JSON.parse(text) as unknown;
  if (typeof schema !== 'boolean' && (typeof schema !== 'object' || schema === null || Array.isArray(schema)))
    throw new SchemaError('schema-unusable', text);
  const known = schema as Schema | boolean;
  const lookup = dereference(known);
  refuseUnusable(known, lookup);
  const draft = typeof known === 'boolean' ? '2020-12' : draftOf(known);
  const { valid, errors } = validate(value, known, draft, lookup);
  if (valid) return [];
  // The innermost say what is wrong; those around them only that something is.
  const { instanceLocation, error } = errors.at(-1) ?? { instanceLocation: '#', error: '' };
  return [`${instanceLocation}: ${error}`];
}

/** @param text of a JSON Schema */
export function checkSchema(value: unknown, text: string): Finding {
  try {
    const [error] = errorsOf(value, text);
    return error === undefined ? passed() : failed('breaks-schema', error);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return undecided(error instanceof SchemaError ? error.reason : 'schema-unusable', detail);
  }
}

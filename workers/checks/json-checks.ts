/** Whether an answer is JSON, or has some in it, and whether that is what a schema asks for. */
import type { Finding } from '../../src/shared/domain/lab/check';
import { failed, passed } from './finding';
import { firstJson } from './first-json';
import { checkSchema } from './json-schema';

/** The inside of one fence that is the whole text; else the text itself. */
function unfenced(text: string): string {
  const whole = text.trim();
  const mark = whole.slice(0, 3);
  const begin = whole.indexOf('\n');
  if (!['```', '~~~'].includes(mark) || begin === -1 || !whole.endsWith(mark)) return whole;
  const inside = whole.slice(begin, -mark.length);
  return inside.includes(mark) ? whole : inside;
}

function parsed(text: string, schema: string | undefined): Finding {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return failed('not-json', error instanceof Error ? error.message : String(error));
  }
  return schema === undefined ? passed() : checkSchema(value, schema);
}

export const isJson = (text: string, schema?: string): Finding => parsed(unfenced(text), schema);

/** Objects and arrays: a number or a word is JSON as well, and would be found in every answer. */
export function containsJson(text: string, schema?: string): Finding {
  const found = firstJson(text);
  return found === null ? failed('not-json') : parsed(found, schema);
}

/** How ChatGPT changes a document beside a conversation: by Python's patterns, and what is to stand in the place of what they find. */
import { cutText } from '../../src/shared/domain/cut-text';
import { isFields, textIn, type Fields } from '../../src/shared/domain/fields';
import { longestText } from './foreign-content';

/** Longer ones are no phrases to look for. */
const longestPattern = 20_000;
/** A whole document is written anew with this. */
const everything = new Set(['.*', '(?s).*', '(?s:.*)', '^.*$', '(?s)^.*$', '[\\s\\S]*', '\\A.*\\Z', '(?s)\\A.*\\Z']);
/** In a longer document, no pattern is looked for: only phrases, and the whole. */
const longestSearched = 20_000;

/**
 * Whether a pattern may look for longer than anybody waits. JavaScript tries every way in which a pattern can fit: each `?` and
 * each `|` may double their number, and each repetition multiplies it by the length of the document. One repetition of one sign
 * ends soon in a document that is not too long; whatever may be worse is refused.
 */
function mayNotEnd(pattern: string): boolean {
  const plain = pattern
    .replaceAll(/\\[\s\S]/g, '_')
    .replaceAll(/\[\^?\]?[^\]]*\]/g, '_')
    // Not a quantifier: what a group is.
    .replaceAll('(?', '(')
    // Asked for less instead of more, a repetition is one all the same.
    .replaceAll(/([*+}])\?/g, '$1');
  const repetitions = plain.match(/[*+{]/g)?.length ?? 0;
  return /[?|]/.test(plain) || /\)[*+{]/.test(plain) || repetitions > 1;
}

/** Python's pattern as one of JavaScript; null for what there is none of. */
function patternOf(pattern: string, multiple: boolean): RegExp | null {
  if (pattern.length > longestPattern || mayNotEnd(pattern)) return null;
  let flags = multiple ? 'gsu' : 'su';
  const body = pattern
    .replace(/^\(\?([aimsx]+)\)/, (_all, given: string) => {
      if (given.includes('i')) flags += 'i';
      if (given.includes('m')) flags += 'm';
      return '';
    })
    .replaceAll('(?P<', '(?<')
    .replaceAll('\\A', '^')
    .replaceAll('\\Z', '$');
  // Without `u` what is escaped needlessly, as Python allows, is no error.
  for (const tried of [flags, flags.replace('u', '')]) {
    try {
      return new RegExp(body, tried);
    } catch {
      // The next one.
    }
  }
  return null;
}

/** What stands for a group, a line feed and the like in Python's replacements. */
const expanded = (replacement: string, groups: readonly (string | undefined)[], named: Fields): string =>
  replacement.replaceAll(
    /\\(?:g<(\w+)>|(\d{1,2})|([\s\S]))/g,
    (all, name?: string, digits?: string, letter?: string) => {
      if (name !== undefined && !/^\d+$/.test(name)) return textIn(named[name], longestText) ?? '';
      if (name !== undefined || digits !== undefined) return groups[Number(name ?? digits)] ?? '';
      return { n: '\n', t: '\t', r: '\r', '\\': '\\' }[letter ?? ''] ?? all;
    },
  );

export interface Changed {
  readonly content: string;
  /** How many changes found what they were to change. */
  readonly made: number;
  readonly failed: number;
}

/** @param updates a list of `{ pattern, multiple, replacement }`, whatever else it may hold */
export function changedDocument(before: string, updates: readonly unknown[]): Changed {
  let content = before;
  let made = 0;
  for (const update of updates) {
    const after = isFields(update) ? changedOnce(content, update) : null;
    if (after === null) continue;
    content = cutText(after, longestText);
    made += 1;
  }
  return { content, made, failed: updates.length - made };
}

/** Null where the pattern finds nothing, cannot be followed, or makes more of the document than is kept. */
function changedOnce(content: string, update: Fields): string | null {
  try {
    return changedBy(content, update);
  } catch {
    // The engine's own limits, of strings and of patterns.
    return null;
  }
}

function changedBy(content: string, update: Fields): string | null {
  const { pattern, replacement } = update;
  if (typeof pattern !== 'string' || typeof replacement !== 'string') return null;
  // Nothing is found everywhere.
  if (pattern === '') return null;
  if (everything.has(pattern)) return expanded(replacement, [content], {});
  const multiple = update['multiple'] === true;
  // Most are phrases as they stand.
  if (!/[\\^$.*+?()[\]{}|]/.test(pattern)) {
    if (!content.includes(pattern)) return null;
    const literal = expanded(replacement, [pattern], {});
    if (!multiple) return content.replace(pattern, () => literal);
    const growth = (content.split(pattern).length - 1) * (literal.length - pattern.length);
    return content.length + growth > longestText ? null : content.replaceAll(pattern, () => literal);
  }
  const found = content.length > longestSearched ? null : patternOf(pattern, multiple);
  if (!found?.test(content)) return null;
  found.lastIndex = 0;
  let left = longestText;
  return content.replace(found, (...all: unknown[]) => {
    const named = isFields(all.at(-1)) ? (all.at(-1) as Fields) : {};
    const groups = all.slice(
      0,
      all.findIndex((value) => typeof value === 'number'),
    );
    const put = expanded(replacement, groups as (string | undefined)[], named);
    left -= put.length;
    if (left < 0) throw new RangeError('longer than any document');
    return put;
  });
}

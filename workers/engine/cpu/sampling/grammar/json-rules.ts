/** The grammar of JSON itself, in the library's EBNF, and what every schema is built from. */

/**
 * A string is a rule that calls itself, not a repetition: the library looks at the whole vocabulary once for each place of a
 * repetition, and once for all in this form. White space is short, because small models otherwise write it without end.
 */
export const jsonRules: Readonly<Record<string, string>> = {
  ws: String.raw`"" | " " | "\n" [ \t]{0,20}`,
  value: 'object | array | string | number | "true" | "false" | "null"',
  object: `"{" ws ("}" | members "}")`,
  members: `member ("," ws member)*`,
  member: `string ":" ws value ws`,
  array: `"[" ws ("]" | values "]")`,
  values: `value ws ("," ws value ws)*`,
  string: String.raw`"\"" text`,
  text: String.raw`"\"" | [^"\\\x00-\x1f] text | "\\" escape text`,
  escape: String.raw`["\\/bfnrt] | "u" [0-9a-fA-F] [0-9a-fA-F] [0-9a-fA-F] [0-9a-fA-F]`,
  integer: `"-"? ("0" | [1-9] [0-9]{0,14})`,
  number: `integer ("." [0-9]{1,16})? ([eE] [+-]? [0-9]{1,2})?`,
};

/** One character of a string that needs no escape. */
export const plainCharacter = String.raw`[^"\\\x00-\x1f]`;

/** Text that stands for itself. */
const literal = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

export const literalOf = (value: unknown): string => literal(JSON.stringify(value));

const two = '[0-9] [0-9]';
const date = `${two} ${two} "-" ("0" [1-9] | "1" [0-2]) "-" ("0" [1-9] | [12] [0-9] | "3" [01])`;
const time = `([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9] ":" [0-5] [0-9] ("." [0-9]{1,6})? ("Z" | [+-] ([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9])`;
const hex = (count: number): string => Array.from({ length: count }, () => '[0-9a-fA-F]').join(' ');
const byte = `("25" [0-5] | "2" [0-4] [0-9] | "1" [0-9] [0-9] | [1-9]? [0-9])`;

/** Formats of strings that are kept to. The others say what a text means, which no grammar can see to. */
export const formats: Readonly<Record<string, string>> = {
  date,
  time,
  'date-time': `${date} "T" ${time}`,
  uuid: [8, 4, 4, 4, 12].map(hex).join(' "-" '),
  ipv4: `${byte} "." ${byte} "." ${byte} "." ${byte}`,
};

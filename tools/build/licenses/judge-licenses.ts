/** Decides what may ship: every part needs a license of the short list, and the text of it. */

/** Something that ships with the app: a package, or what was compiled into one. */
export interface Part {
  readonly name: string;
  /** Empty where nobody can tell it from what ships. */
  readonly version: string;
  /** SPDX expression; undefined where its author states none. */
  readonly license: string | undefined;
  /** Where it comes from; empty where it names no address. */
  readonly address: string;
  /** License and notices, word for word. */
  readonly texts: readonly string[];
}

/**
 * SPDX identifiers that ask for no more than what `licenses.txt` does: the notices go along with every copy. Not on the list, on
 * purpose: those of the GPL family, which would reach out to the rest of the app, and MPL-2.0, which also wants to be told where the
 * sources of the covered files are. Licenses of data and of models (CC BY, Llama) are for people to read, one by one.
 */
export const allowedLicenses: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'Apache-2.0 WITH LLVM-exception',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'OFL-1.1',
  'Unlicense',
  // Asks for its notice in copies of the source only.
  'Zlib',
]);

/** @param expression SPDX, of one level: what nests deeper is refused, for a person to look at */
export function isAllowed(expression: string): boolean {
  const plain = expression.replace(/^\((.*)\)$/, '$1');
  if (/[()]/.test(plain)) return false;
  // OR binds looser than AND: one of its sides is enough, of which all must be allowed.
  return plain
    .split(' OR ')
    .some((side) => side.split(' AND ').every((license) => allowedLicenses.has(license.trim())));
}

/** @returns what is wrong, a line for each part; a build with any must fail */
export function complaints(parts: readonly Part[]): readonly string[] {
  return parts.flatMap(({ name, version, license, texts }) => {
    const who = `${name} ${version}`.trim();
    if (license === undefined || license === '') return [`${who} states no license`];
    if (!isAllowed(license)) return [`${who} has a license that is not on the short list: ${license}`];
    return texts.some((text) => text.trim() !== '') ? [] : [`${who} brings no text of its license (${license})`];
  });
}

/**
 * The names of the layout in the order in which links count them: a link writes each as its place, base 36.
 * docs/benchmark-formats.md describes the form.
 */
import { resultLayout } from '../statistics/result';

/** A rule of the layout, as far as its form goes: what it is made of, and nothing of its bounds. */
export interface Rule {
  readonly type: string;
  /** Of an object. */
  readonly entries?: Readonly<Record<string, Rule>>;
  /** Of a list, and of a pair. */
  readonly item?: Rule;
  readonly items?: readonly Rule[];
  /** Of what may be null or absent. */
  readonly wrapped?: Rule;
}

/** What a rule says of a value that is there. */
export const unwrapped = (rule: Rule): Rule => (rule.wrapped ? unwrapped(rule.wrapped) : rule);

function* namesIn(rule: Rule): Generator<string> {
  const { entries = {}, item, items = [] } = unwrapped(rule);
  for (const [name, inner] of Object.entries(entries)) {
    yield name;
    yield* namesIn(inner);
  }
  for (const inner of item ? [item] : items) yield* namesIn(inner);
}

/**
 * Each name once: those of the first release where they first stand in the layout, then those that came later, in the order in
 * which they came. So names can come in anywhere, and no older link is read wrongly.
 */
export const namesInOrder = (layout: Rule, later: readonly string[]): readonly string[] => [
  ...new Set([...[...namesIn(layout)].filter((name) => !later.includes(name)), ...later]),
];

/** Names that the layout got after its first release. Only ever added to, at the end. */
const laterNames: readonly string[] = [];

export const linkNames = namesInOrder(resultLayout, laterNames);

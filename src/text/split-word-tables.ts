import { getLocale } from './paraglide/runtime.js';
import type { WordPart } from './word-tables';

type Inputs = Readonly<Record<string, unknown>>;

/**
 * The text of a message; or, where it depends on numbers, the inputs that hold them and a text for each combination of their
 * plural categories ("one", "one other", …).
 */
export type TableEntry = string | readonly [inputs: readonly string[], texts: Readonly<Record<string, string>>];

type Table = readonly TableEntry[];
type Loaders = Readonly<Record<string, Readonly<Record<WordPart, () => Promise<{ readonly default: Table }>>>>>;

/**
 * A number that was formatted already counts as "other" when it has more than digits: "1,234". Where a language lacks a message, its
 * table has the English one, which knows fewer categories.
 */
function variant([numbers, texts]: Exclude<TableEntry, string>, inputs: Inputs): string {
  const rules = new Intl.PluralRules(getLocale());
  const categories = numbers.map((name) => rules.select(Number(inputs[name])));
  return texts[categories.join(' ')] ?? texts[categories.map(() => 'other').join(' ')] ?? '';
}

/** The words of the languages that have been loaded, in tables: what a build knows a message by is its place in one. */
export class WordTables {
  readonly #tables = new Map<string, Table>();
  readonly #wanted = new Set<WordPart>();

  constructor(private readonly loaders: Loaders) {}

  /** @throws TypeError when the words cannot be had: the network is gone */
  readonly load = async (locale: string, part: WordPart): Promise<void> => {
    const words = await this.loaders[locale]?.[part]();
    if (words) this.#tables.set(part + locale, words.default);
  };

  /**
   * Called by code that shows other words than the first screen, when it has just arrived. It does not wait for them itself:
   * every browser remembers a module whose waiting failed as broken, for the life of the page.
   */
  readonly want = (part: WordPart): void => {
    // Each module of a part asks. Whoever loads the part asks again where the words did not come.
    if (this.#wanted.has(part)) return;
    this.#wanted.add(part);
    this.ready().catch(() => {});
  };

  /**
   * Resolves when all code that has been loaded has its words.
   * @throws TypeError when the words cannot be had; asked again, it tries again
   */
  readonly ready = async (): Promise<void> => {
    const locale = getLocale();
    const missing = [...this.#wanted].filter((part) => !this.#tables.has(part + locale));
    await Promise.all(missing.map((part) => this.load(locale, part)));
  };

  /** Reads the language of the page, so that whoever shows a message shows it in the next language, too. */
  readonly say = (part: WordPart, index: number, inputs?: Inputs): string => {
    const entry = this.#tables.get(part + getLocale())?.[index] ?? '';
    const words = typeof entry === 'string' ? entry : variant(entry, inputs ?? {});
    return inputs ? words.replace(/\{(\w+)\}/g, (_, name: string) => String(inputs[name])) : words;
  };
}

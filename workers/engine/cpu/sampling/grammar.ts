/** Answers that have to have a form: which tokens may come next so that JSON of a schema comes out. */
import type {
  CompiledGrammar,
  GrammarCompiler,
  GrammarMatcher as LibraryMatcher,
  TokenizerInfo,
} from '@mlc-ai/web-xgrammar';
import { failed, FailureError, failureFrom } from '../../../../src/shared/protocol/failure';
import { grammarLibrary } from './grammar/grammar-library';
import { schemaGrammar } from './grammar/schema-grammar';
import type { Form } from './verify';

/** What a grammar has to know of a tokenizer. */
export interface TokenTexts {
  /** Tokens of the vocabulary. */
  readonly size: number;
  /** What a token is in the text, which may be a part of a character. */
  bytesOf(token: number): Uint8Array;
  /** Tokens that stand for no text are never a part of a form. */
  isControl(token: number): boolean;
}

interface Prepared {
  readonly info: TokenizerInfo;
  readonly compiler: GrammarCompiler;
}

/** The grammars of one model. The vocabulary is given to the library when the first is asked for, once. */
export class Grammars {
  #prepared: Promise<Prepared> | undefined;
  #last:
    { readonly schema: string; readonly compiled: CompiledGrammar; readonly relaxed: readonly string[] } | undefined;
  #disposed = false;

  /**
   * @param endTokens that end an answer: allowed where the form is whole
   * @param vocabularySize logits of the model, which may be more than its tokenizer has tokens
   */
  constructor(
    private readonly texts: TokenTexts,
    private readonly endTokens: readonly number[],
    private readonly vocabularySize = texts.size,
  ) {}

  /**
   * A matcher at the beginning of an answer. Whoever asks for it ends it with `dispose`, and asks for one at a time. A schema with
   * lengths or patterns can take two seconds to compile, in which nothing else is heard.
   * @param schema the text of a JSON Schema; `{}` for any JSON
   * @throws FailureError `schema-invalid`, or `part-unreachable` where the library does not come
   */
  async matcherFor(schema: string): Promise<GrammarMatcher> {
    // First: a schema that is refused needs no library.
    const { ebnf, relaxed } =
      this.#last?.schema === schema ? { ebnf: '', relaxed: this.#last.relaxed } : schemaGrammar(schema);
    const { Grammar, GrammarMatcher: Matcher } = await grammarLibrary();
    const { compiler } = await this.#prepare();
    try {
      if (this.#last?.schema !== schema) {
        const grammar = await Grammar.fromEBNF(ebnf);
        const compiled = await compiler.compileGrammar(grammar);
        grammar.dispose();
        this.#last?.compiled.dispose();
        this.#last = { schema, compiled, relaxed };
      }
      // It only asks for the size; given the compiled grammar itself, it would keep the vocabulary alive for ever.
      const compiled = {
        handle: this.#last.compiled.handle as unknown,
        tokenizerInfo: () => ({ getVocabSize: () => this.vocabularySize }),
      } as CompiledGrammar;
      return new GrammarMatcher(
        await Matcher.createGrammarMatcher(compiled),
        this.vocabularySize,
        this.endTokens,
        relaxed,
      );
    } catch (error) {
      throw new FailureError(failureFrom(error, 'schema-invalid'));
    }
  }

  /** Gives the memory back to the library, which keeps it for the next model. */
  dispose(): void {
    this.#disposed = true;
    this.#last?.compiled.dispose();
    this.#last = undefined;
    void this.#prepared?.then(release, () => undefined);
    this.#prepared = undefined;
  }

  #prepare(): Promise<Prepared> {
    if (this.#disposed)
      throw new FailureError(failed('model-not-loaded', 'the grammars of this model were ended').failure);
    this.#prepared ??= this.#build().catch((error: unknown) => {
      this.#prepared = undefined;
      throw error;
    });
    return this.#prepared;
  }

  async #build(): Promise<Prepared> {
    const { TokenizerInfo: Info, GrammarCompiler: Compiler } = await grammarLibrary();
    const none = new Uint8Array(0);
    // Tokens without text are never allowed, and so are those that only the logits have.
    const bytes = Array.from({ length: this.texts.size }, (_, token) =>
      this.texts.isControl(token) ? none : this.texts.bytesOf(token),
    );
    // Bytes are not what its types say, but what it takes: not every token is text.
    const vocabulary = bytes as unknown as string[];
    const info = await Info.createTokenizerInfo(vocabulary, 'raw', false, this.vocabularySize, [...this.endTokens]);
    return { info, compiler: await Compiler.createGrammarCompiler(info, false) };
  }
}

function release({ info, compiler }: Prepared): void {
  compiler.dispose();
  info.dispose();
}

/** Where an answer stands in its form. */
export class GrammarMatcher implements Form {
  #accepted = 0;

  constructor(
    private readonly matcher: LibraryMatcher,
    private readonly vocabularySize: number,
    private readonly endTokens: readonly number[],
    /** What the schema asks for and is not seen to, such as "uniqueItems at #/properties/tags". */
    readonly relaxed: readonly string[] = [],
  ) {}

  /** One bit a token, the lowest of each word first. */
  async allowed(): Promise<Int32Array> {
    if (!this.isDone()) return this.matcher.getNextTokenBitmask();
    const ends = new Int32Array(Math.ceil(this.vocabularySize / 32));
    for (const token of this.endTokens) ends[token >>> 5] = (ends[token >>> 5] ?? 0) | (1 << (token & 31));
    return ends;
  }

  accept(token: number): boolean {
    // What it does not expect ends the library's program instead of being refused.
    if (this.isDone() || !(token >= 0 && token < this.vocabularySize)) return false;
    if (!this.matcher.acceptToken(token)) return false;
    this.#accepted += 1;
    return true;
  }

  /** Whether the form is whole and its end was said. */
  isDone(): boolean {
    return this.matcher.isTerminated();
  }

  /** Takes back the last `count` tokens that were accepted. */
  rollback(count: number): void {
    const taken = Math.min(count, this.#accepted);
    if (taken > 0) this.matcher.rollBack(taken);
    this.#accepted -= taken;
  }

  dispose(): void {
    this.matcher.dispose();
  }
}

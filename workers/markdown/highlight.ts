/** Colors for code, as pieces. Loaded when the first code of a known language is met. */
import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import c from 'highlight.js/lib/languages/c';
import cpp from 'highlight.js/lib/languages/cpp';
import csharp from 'highlight.js/lib/languages/csharp';
import css from 'highlight.js/lib/languages/css';
import dart from 'highlight.js/lib/languages/dart';
import diff from 'highlight.js/lib/languages/diff';
import dockerfile from 'highlight.js/lib/languages/dockerfile';
import go from 'highlight.js/lib/languages/go';
import haskell from 'highlight.js/lib/languages/haskell';
import ini from 'highlight.js/lib/languages/ini';
import java from 'highlight.js/lib/languages/java';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import kotlin from 'highlight.js/lib/languages/kotlin';
import latex from 'highlight.js/lib/languages/latex';
import less from 'highlight.js/lib/languages/less';
import lua from 'highlight.js/lib/languages/lua';
import makefile from 'highlight.js/lib/languages/makefile';
import markdown from 'highlight.js/lib/languages/markdown';
import nginx from 'highlight.js/lib/languages/nginx';
import objectivec from 'highlight.js/lib/languages/objectivec';
import perl from 'highlight.js/lib/languages/perl';
import php from 'highlight.js/lib/languages/php';
import powershell from 'highlight.js/lib/languages/powershell';
import python from 'highlight.js/lib/languages/python';
import r from 'highlight.js/lib/languages/r';
import ruby from 'highlight.js/lib/languages/ruby';
import rust from 'highlight.js/lib/languages/rust';
import scala from 'highlight.js/lib/languages/scala';
import scss from 'highlight.js/lib/languages/scss';
import shell from 'highlight.js/lib/languages/shell';
import sql from 'highlight.js/lib/languages/sql';
import swift from 'highlight.js/lib/languages/swift';
import typescript from 'highlight.js/lib/languages/typescript';
import wasm from 'highlight.js/lib/languages/wasm';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';
import type { Piece } from '../../src/shared/protocol/markdown';

const languages = {
  bash,
  c,
  cpp,
  csharp,
  css,
  dart,
  diff,
  dockerfile,
  go,
  haskell,
  ini,
  java,
  javascript,
  json,
  kotlin,
  latex,
  less,
  lua,
  makefile,
  markdown,
  nginx,
  objectivec,
  perl,
  php,
  powershell,
  python,
  r,
  ruby,
  rust,
  scala,
  scss,
  shell,
  sql,
  swift,
  typescript,
  wasm,
  xml,
  yaml,
};
for (const [name, language] of Object.entries(languages)) hljs.registerLanguage(name, language);
hljs.registerAliases(['vue', 'svelte'], { languageName: 'xml' });
hljs.registerAliases(['jsonc', 'json5'], { languageName: 'json' });

/** Longer than what a person reads in colors; a page of it would take the worker a noticeable time. */
const longest = 100_000;

/** What is meant by a piece of code, in the words of highlight.js ("keyword", "title.function"). It calls these methods. */
class PieceEmitter {
  readonly pieces: Piece[] = [];
  readonly #open: { readonly scope: string; readonly children: Piece[] }[] = [];

  addText(text: string): void {
    if (text !== '') this.#add(text);
  }

  openNode(scope: string): void {
    this.#open.push({ scope, children: [] });
  }

  closeNode(): void {
    const closed = this.#open.pop();
    if (closed && closed.children.length > 0)
      this.#add({ tag: 'token', language: closed.scope, children: closed.children });
  }

  startScope(scope: string): void {
    this.openNode(scope);
  }

  endScope(): void {
    this.closeNode();
  }

  /** Of code in another language inside of this one, such as CSS in HTML. */
  __addSublanguage(emitter: PieceEmitter): void {
    emitter.closeAllNodes();
    for (const piece of emitter.pieces) this.#add(piece);
  }

  closeAllNodes(): void {
    while (this.#open.length > 0) this.closeNode();
  }

  finalize(): void {
    this.closeAllNodes();
  }

  toHTML(): string {
    return '';
  }

  #add(piece: Piece): void {
    (this.#open.at(-1)?.children ?? this.pieces).push(piece);
  }
}

hljs.configure({ __emitter: PieceEmitter, throwUnescapedHTML: false } as unknown as Parameters<
  typeof hljs.configure
>[0]);

/** The code in its colors; null where the language is not known. */
export function highlight(code: string, language: string): readonly Piece[] | null {
  if (code.length > longest || !hljs.getLanguage(language)) return null;
  const result = hljs.highlight(code, { language, ignoreIllegals: true });
  const { _emitter } = result as unknown as { readonly _emitter: PieceEmitter };
  _emitter.finalize();
  return result.errorRaised ? null : _emitter.pieces;
}

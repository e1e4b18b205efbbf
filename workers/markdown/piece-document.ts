/** As much of a document as KaTeX needs to draw a formula, made of pieces. */
import type { Piece } from '../../src/shared/protocol/markdown';

const prefixes: Readonly<Record<string, string>> = {
  'http://www.w3.org/2000/svg': 'svg:',
  'http://www.w3.org/1998/Math/MathML': 'math:',
};

interface Drawn {
  piece(): Piece;
}

class PieceText implements Drawn {
  constructor(private readonly text: string) {}
  piece(): Piece {
    return this.text;
  }
}

export class PieceNode implements Drawn {
  className = '';
  textContent = '';
  readonly style: Record<string, string> = {};
  readonly children: Drawn[] = [];
  readonly #attributes: Record<string, string> = {};

  constructor(private readonly tag: string) {}

  setAttribute(name: string, value: unknown): void {
    if (name === 'style') this.#setStyle(String(value));
    else this.#attributes[name] = String(value);
  }

  appendChild(child: Drawn): void {
    // A fragment gives its children away.
    if (child instanceof PieceNode && child.tag === '') this.children.push(...child.children);
    else this.children.push(child);
  }

  /** Declarations as text would be a style attribute on the page, which its policy forbids. */
  #setStyle(declarations: string): void {
    for (const declaration of declarations.split(';')) {
      const [name = '', value = ''] = declaration.split(':').map((part) => part.trim());
      if (value !== '') this.style[name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())] = value;
    }
  }

  piece(): Piece {
    const { className, style } = this;
    return {
      tag: this.tag,
      children: this.children.map((child) => child.piece()),
      ...(className === '' ? {} : { className }),
      ...(Object.keys(style).length === 0 ? {} : { style }),
      ...(Object.keys(this.#attributes).length === 0 ? {} : { attributes: this.#attributes }),
    };
  }
}

export class PieceDocument {
  createElement(name: string): PieceNode {
    return new PieceNode(`tex:${name}`);
  }

  createElementNS(namespace: string, name: string): PieceNode {
    return new PieceNode(`${prefixes[namespace] ?? ''}${name}`);
  }

  createTextNode(text: string): Drawn {
    return new PieceText(text);
  }

  createDocumentFragment(): PieceNode {
    return new PieceNode('');
  }
}

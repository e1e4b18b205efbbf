/**
 * Typeset formulas: spans for the eye, MathML for the ear, and a few drawn lines. From a fixed list of elements, attributes and
 * styles, like all else that a model brought about; and styles are set one by one, never as text.
 */
import type { PieceElement } from '../../shared/protocol/markdown';

const svg = 'http://www.w3.org/2000/svg';
const mathMl = 'http://www.w3.org/1998/Math/MathML';

const listOf = (names: string): ReadonlySet<string> => new Set(names.split(' '));

const namespaces: Readonly<Record<string, { readonly uri: string; readonly tags: ReadonlySet<string> }>> = {
  svg: { uri: svg, tags: listOf('svg path line') },
  math: {
    uri: mathMl,
    tags: listOf(
      'math semantics annotation mrow mi mn mo mtext mspace ms mfrac msqrt mroot mstyle merror mpadded mphantom menclose ' +
        'msub msup msubsup munder mover munderover mmultiscripts mprescripts none mtable mtr mtd mlabeledtr',
    ),
  },
};

const attributes = listOf(
  'aria-hidden title encoding display displaystyle scriptlevel mathvariant mathcolor mathbackground mathize stretchy fence ' +
    'separator largeop symmetric movablelimits lspace rspace minsize maxsize accent accentunder linethickness notation width ' +
    'height depth voffset columnalign columnlines columnspacing rowalign rowlines rowspacing valign linebreak ' +
    'viewBox preserveAspectRatio x1 x2 y1 y2 stroke-width d',
);

const styles = listOf(
  'color backgroundColor position top bottom left height width minWidth verticalAlign margin marginLeft marginRight marginTop ' +
    'paddingLeft borderColor borderStyle borderWidth borderTopWidth borderBottomWidth borderRightWidth borderRightStyle ' +
    'textShadow',
);
// A length, a number, a word, a color; a sum of lengths. No address fits in here.
const harmlessValue = /^(?:[\d\s.,#a-z%()+-]*)$/i;
const namesAnAddress = /url|image|attr|var|env|expression/i;

const isHarmless = (name: string, value: string): boolean =>
  styles.has(name) &&
  harmlessValue.test(value) &&
  !namesAnAddress.test(value) &&
  // A formula stays where it is written.
  (name !== 'position' || value === 'relative');

/** Names of classes are KaTeX's own; none of ours may be among them. */
const className = /^[\w-]{1,40}$/;
const ownClass = /^(?:icon|quiet|button|field|page|unseen|markdown|block|plain)$/;

function create(tag: string): HTMLElement | SVGElement | MathMLElement {
  const [kind = '', name = ''] = tag.split(':');
  const namespace = Object.hasOwn(namespaces, kind) ? namespaces[kind] : undefined;
  return namespace?.tags.has(name)
    ? (document.createElementNS(namespace.uri, name) as SVGElement | MathMLElement)
    : document.createElement('span');
}

/** The element for a piece inside of a formula, without its children. */
export function mathElement(piece: PieceElement): HTMLElement | SVGElement | MathMLElement {
  const element = create(piece.tag);
  const classes = (piece.className ?? '').split(' ').filter((name) => className.test(name) && !ownClass.test(name));
  if (classes.length > 0) element.setAttribute('class', classes.join(' '));
  for (const [name, value] of Object.entries(piece.attributes ?? {}))
    if (attributes.has(name) && typeof value === 'string') element.setAttribute(name, value);
  for (const [name, value] of Object.entries(piece.style ?? {}))
    if (isHarmless(name, String(value))) element.style[name as 'height'] = String(value);
  return element;
}

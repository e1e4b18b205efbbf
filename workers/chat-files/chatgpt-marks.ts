/**
 * ChatGPT writes what it cites, and other things that its page draws, between characters of Unicode's private area. The message's
 * metadata tells what is meant; here it becomes text and links, or goes.
 */
import type { LeftOutKind } from '../../src/shared/protocol/chat-files';
import { isFields, textIn, type Fields } from '../../src/shared/domain/fields';
import { parseUrl } from '../../src/shared/platform/parse-url';

/** A mark with its kind and its arguments; one of an older form; what is left of marks. Spaces before it go with it. */
const marks =
  /[ \t]?(?:\ue200([^\ue200-\ue202]*)((?:\ue202[^\ue200-\ue202]*)*)(?:\ue201|$)|【(\d{1,4})(?::\d{1,4})?†[^】\n]{0,200}】)|[\ue200-\ue206]/g;

interface Source {
  readonly label: string;
  readonly url: string | null;
}

const label = (fields: Fields): string | undefined =>
  [fields['attribution'], fields['title'], fields['name']].map((value) => textIn(value, 300)?.trim()).find(Boolean);

const webAddress = (value: unknown): string | null => {
  const url = textIn(value, 4000)?.trim();
  return url !== undefined && /^https?:\/\/[^\s<>]+$/i.test(url) ? url : null;
};

const listIn = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);

/** The pages that a reference names, each once. */
function sourcesOf(reference: Fields): readonly Source[] {
  const items = listIn(reference['items']).flatMap((item) => [item, ...listIn(item['supporting_websites'])]);
  const addresses = Array.isArray(reference['safe_urls']) ? reference['safe_urls'] : [];
  const named = [...items, ...listIn(reference['fallback_items']), ...listIn(reference['sources'])];
  const candidates =
    named.length > 0 ? named : webAddress(reference['url']) ? [reference] : addresses.map((url) => ({ url }) as Fields);
  const found = new Map<string, Source>();
  for (const fields of candidates.slice(0, 100)) {
    const url = webAddress(fields['url']);
    const words = label(fields) ?? (url === null ? undefined : (parseUrl(url)?.host ?? url));
    if (words !== undefined) found.set(url ?? words, { label: words, url });
  }
  return [...found.values()];
}

const linkTo = ({ label: words, url }: Source): string => {
  const text = words.replaceAll(/\s+/g, ' ').replaceAll(/[\\[\]]/g, '\\$&');
  if (url === null) return text;
  return `[${text}](${/[()]/.test(url) ? `<${url}>` : url})`;
};

/** The text of a mark that no reference explains: the name of a thing or the words of a link; null where it has none. */
function ownWords(kind: string, args: readonly string[]): string | null {
  if (kind === 'url' || kind === 'link' || kind === 'link_title') return args[0]?.trim() || null;
  if (kind !== 'entity') return null;
  try {
    const entity: unknown = JSON.parse(args[0] ?? '');
    const name: unknown = Array.isArray(entity) ? (entity[1] ?? entity[0]) : null;
    return textIn(name, 300)?.trim() || null;
  } catch {
    return null;
  }
}

/** What is lost where a mark goes. */
function lossOf(kind: string): LeftOutKind {
  if (kind.startsWith('image') || kind === 'i') return 'image';
  if (kind.startsWith('video')) return 'video';
  return ['cite', 'filecite', 'navlist', 'url', 'link', 'link_title', ''].includes(kind) ? 'source' : 'embed';
}

interface Unmarked {
  readonly text: string;
  readonly leftOut: readonly LeftOutKind[];
}

/** @param metadata of the message, which tells what its marks mean */
export function withoutMarks(given: string, metadata: Fields): Unmarked {
  const references = new Map<string, Fields>();
  for (const reference of listIn(metadata['content_references'])) {
    const matched = textIn(reference['matched_text'], 200_000);
    if (matched) references.set(matched.trim(), reference);
  }
  const citations = listIn(metadata['citations']);
  const leftOut: LeftOutKind[] = [];
  const linked = new Set<string>();

  function wordsFor(kind: string, args: readonly string[], reference: Fields | undefined): string | null {
    if (reference?.['type'] === 'hidden') return '';
    const isPicture = lossOf(kind) === 'image' || lossOf(kind) === 'video';
    const sources = reference && !isPicture ? sourcesOf(reference) : [];
    for (const { url } of sources) if (url !== null) linked.add(url);
    if (kind === 'navlist' && sources.length > 0)
      return `\n\n${[args[0]?.trim() ?? '', sources.map((source) => `- ${linkTo(source)}`).join('\n')].filter(Boolean).join('\n\n')}\n\n`;
    const own = ownWords(kind, args);
    const [first] = sources;
    if (own !== null) return first?.url ? linkTo({ label: own, url: first.url }) : own;
    if (sources.length > 0) return `(${sources.map(linkTo).join(', ')})`;
    // Products are links without an address there.
    const alternative = textIn(reference?.['alt'], 20_000)
      ?.replaceAll(/\[([^\]]*)\]\(\)/g, '$1')
      .trim();
    if (alternative && !isPicture && !/[\ue200-\ue206]/.test(alternative)) return alternative;
    const name = textIn(reference?.['name'], 300)?.trim();
    if (name) return kind === 'filecite' ? `(${name})` : name;
    return null;
  }

  /** Of the older form, by where it stands, or by its number. */
  const cited = (number: string, at: number): Fields | undefined => {
    const citation = citations.find(
      ({ start_ix: start, metadata: told }) =>
        start === at ||
        (isFields(told) && isFields(told['extra']) && told['extra']['cited_message_idx'] === Number(number)),
    );
    return isFields(citation?.['metadata']) ? citation['metadata'] : undefined;
  };

  const text = given.replace(
    marks,
    (all: string, kind: string | undefined, list: string | undefined, number: string | undefined, at: number) => {
      if (kind === undefined && number === undefined) return '';
      const mark = all.trim();
      const space = all === mark ? '' : all.charAt(0);
      const reference = references.get(mark) ?? (number === undefined ? undefined : cited(number, at + space.length));
      const words = wordsFor(kind ?? '', list?.split('\ue202').slice(1) ?? [], reference);
      if (words === null) leftOut.push(lossOf(kind ?? ''));
      if (words) return space + words;
      // No space is left before the end of a sentence or of a line.
      return /^[\s.,;:!?)。，、；：！？）]|^$/.test(given.slice(at + all.length, at + all.length + 1)) ? '' : space;
    },
  );
  for (const reference of listIn(metadata['content_references'])) {
    if (reference['type'] !== 'sources_footnote') continue;
    for (const { url } of sourcesOf(reference)) if (url !== null && !linked.has(url)) leftOut.push('source');
  }
  return { text: text === given ? given : text.trim(), leftOut };
}

/** Where sentences begin, in any language. */

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Browsers look for sentences in no more than this at a time: one line may be megabytes. */
const longestBlock = 20_000;

const segmenter: Intl.Segmenter | null =
  // eslint-disable-next-line no-restricted-syntax -- Asked for first, with a way on without it.
  'Segmenter' in Intl ? new Intl.Segmenter(undefined, { granularity: 'sentence' }) : null;

/** A line may end in the middle of a sentence, as in a PDF; then a small letter follows, or a sign of a script that has no case. */
const softEnd = /\n(?=[\p{Ll}\p{Lo}])/gu;

/** The end of the sentence that the browser would find, for browsers that cannot. */
const sentence = /[^.!?。！？…\n]*(?:[.!?。！？…]+["'”’」』)\]]*\s*|\n+|$)/gu;

/** Not in the middle of a character. */
export const wholeCharacters = (text: string, at: number): number => {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff && at > 0 ? at - 1 : at;
};

/** Paragraphs, in pieces where they are too long. */
function* blocks(text: string, start: number, end: number): Generator<Span> {
  let at = start;
  while (at < end) {
    const paragraph = text.indexOf('\n\n', at);
    let stop = paragraph === -1 || paragraph + 2 > end ? end : paragraph + 2;
    if (stop - at > longestBlock) {
      const space = text.lastIndexOf(' ', at + longestBlock);
      stop = space > at + longestBlock / 2 ? space + 1 : wholeCharacters(text, at + longestBlock);
    }
    yield { start: at, end: stop };
    at = stop;
  }
}

/** The sentences between two places of a text, without gaps between them. */
export function* sentencesOf(text: string, start: number, end: number): Generator<Span> {
  for (const block of blocks(text, start, end)) {
    // As long as it was, so that places stay places.
    const lines = text.slice(block.start, block.end).replace(softEnd, ' ');
    if (segmenter) {
      for (const { index, segment } of segmenter.segment(lines))
        yield { start: block.start + index, end: block.start + index + segment.length };
      continue;
    }
    for (const { index, 0: found } of lines.matchAll(sentence))
      if (found !== '') yield { start: block.start + index, end: block.start + index + found.length };
  }
}

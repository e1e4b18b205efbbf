/** Long texts to search in. They are put together here, so that the page doesn't have to load them. */

export interface Haystack {
  readonly language: 'en' | 'zh';
  /** Of the sentences around the needles, at least: words in English, characters in Chinese. */
  readonly length: number;
  /** Another one gives another order of sentences. */
  readonly seed: number;
  readonly needles: readonly Needle[];
}

interface Needle {
  /** From 0, the beginning of the text, to 1, its end. */
  readonly at: number;
  readonly sentence: string;
}

/** Every opening goes with every event. */
export interface Filler {
  readonly openings: readonly string[];
  readonly events: readonly string[];
}

const sentencesOfParagraph = 6;

/**
 * The same haystack always gives the same text. No sentence comes twice as long as the numbers of openings and of events have no
 * common divisor, and their product is greater than the number of sentences.
 */
export function buildHaystack(filler: Filler, { language, length, seed, needles }: Haystack): string {
  const between = language === 'en' ? ' ' : '';
  const sentences: string[] = [];
  for (let total = 0; total < length;) {
    const sentence = fillerSentence(filler, sentences.length, seed, between);
    sentences.push(sentence);
    total += language === 'en' ? sentence.split(' ').length : sentence.length;
  }
  const fillers = sentences.length;
  // From the end, so that a needle doesn't move those before it.
  for (const { at, sentence } of [...needles].sort((a, b) => b.at - a.at))
    sentences.splice(Math.round(at * fillers), 0, sentence);
  return paragraphs(sentences, between).join('\n\n');
}

/** Strides that divide neither list's length: neighbors in a list don't become neighbors in the text. */
const fillerSentence = ({ openings, events }: Filler, index: number, seed: number, between: string): string =>
  `${openings[(seed + 5 * index) % openings.length] ?? ''}${between}${events[(seed + 7 * index) % events.length] ?? ''}`;

function paragraphs(sentences: readonly string[], between: string): readonly string[] {
  const result: string[] = [];
  for (let start = 0; start < sentences.length; start += sentencesOfParagraph)
    result.push(sentences.slice(start, start + sentencesOfParagraph).join(between));
  return result;
}

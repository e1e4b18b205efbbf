/** What of an answer can be read aloud, and in which language. Pure. */
import { cutText } from '../../shared/domain/cut-text';

/** Markdown as a person would read it to another: no code, no formulas, no addresses. */
export function speakable(markdown: string): string {
  return markdown
    .replace(/^ {0,3}(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^ {0,3}\1[`~]*\s*$|$(?![\s\S]))/gm, '\n')
    .replace(/\$\$[\s\S]*?\$\$|\\\[[\s\S]*?\\\]|\\\([\s\S]*?\\\)/g, ' ')
    .replace(/!\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\bhttps?:\/\/\S+/g, ' ')
    .replace(/^\s*\|?[\s:|-]+\|[\s:|-]*$/gm, '')
    .replace(/\|/g, ', ')
    .replace(/^ {0,3}#{1,6} +(.*)$/gm, '$1.')
    .replace(/^\s*(?:[-*+]|\d+[.)]) +(?:\[[ xX]\] +)?/gm, '')
    .replace(/^\s*>+ ?/gm, '')
    .replace(/^\s*(?:[-*_] *){3,}$/gm, '')
    .replace(/[*~]{1,3}(?=\S)|(?<=\S)[*~]{1,3}|(?<!\w)_{1,2}(?=\S)|(?<=\S)_{1,2}(?!\w)/g, '')
    .replace(/`([^`]*)`/g, '$1')
    .replace(/<[^>\n]{1,80}>/g, ' ')
    .replace(/\.{2,}(?=\s)/g, '.')
    .replace(/[ \t]+/g, ' ')
    .replace(/\s*\n\s*/g, '\n')
    .trim();
}

const longest = 180;

/** Sentences, and long ones in pieces: some browsers fall silent in the middle of a long text. */
export function sentencesOf(text: string): readonly string[] {
  const sentences = text.match(/[^.!?。！？；\n]+(?:[.!?。！？；]+["'”’）)]*|\n|$)\s*/g) ?? [];
  return sentences.flatMap((sentence) => {
    const pieces: string[] = [];
    let rest = sentence.trim();
    while (rest.length > longest) {
      const at = Math.max(
        rest.lastIndexOf(',', longest),
        rest.lastIndexOf('，', longest),
        rest.lastIndexOf(' ', longest),
      );
      const end = at > longest / 3 ? at + 1 : cutText(rest, longest).length;
      pieces.push(rest.slice(0, end).trim());
      rest = rest.slice(end).trim();
    }
    return rest === '' ? pieces : [...pieces, rest];
  });
}

const scripts: readonly { readonly language: string; readonly letters: RegExp }[] = [
  { language: 'ja', letters: /[\u3040-\u30ff]/g },
  { language: 'ko', letters: /[\uac00-\ud7af]/g },
  { language: 'zh', letters: /[\u4e00-\u9fff]/g },
  { language: 'ru', letters: /[\u0400-\u04ff]/g },
  { language: 'el', letters: /[\u0370-\u03ff]/g },
  { language: 'ar', letters: /[\u0600-\u06ff]/g },
  { language: 'he', letters: /[\u0590-\u05ff]/g },
  { language: 'hi', letters: /[\u0900-\u097f]/g },
  { language: 'th', letters: /[\u0e00-\u0e7f]/g },
];

/** Of texts in Latin letters, those that give themselves away by their commonest words. */
const commonWords: Readonly<Record<string, RegExp>> = {
  en: /\b(?:the|and|of|to|is|in|that|it|you|for)\b/gi,
  de: /\b(?:der|die|das|und|ist|nicht|ein|eine|zu|mit)\b/gi,
  fr: /\b(?:le|la|les|et|est|une?|des|que|pour|dans)\b/gi,
  es: /\b(?:el|la|los|y|es|una?|que|para|con|por)\b/gi,
  it: /\b(?:il|la|che|e|è|una?|di|per|con|sono)\b/gi,
  pt: /\b(?:o|a|os|e|é|uma?|que|para|com|não)\b/gi,
};

/** The primary tag of the language a text is most likely in. @param usual where nothing tells */
export function languageOf(text: string, usual: string): string {
  const sample = text.slice(0, 2000);
  const count = (pattern: RegExp): number => sample.match(pattern)?.length ?? 0;
  const letters = count(/\p{L}/gu);
  // A Japanese text has Chinese characters, too, so its own come first; a few foreign words do not decide.
  const script = scripts.find((one) => count(one.letters) > letters * (one.language === 'ja' ? 0.1 : 0.3));
  if (script) return script.language;
  const ranked = Object.entries(commonWords)
    .map(([language, words]) => ({ language, hits: count(words) }))
    .sort((a, b) => b.hits - a.hits);
  const [best] = ranked;
  return best && best.hits >= 2 ? best.language : usual;
}

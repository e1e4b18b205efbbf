import { describe, expect, it } from 'vitest';
import { languageOf, sentencesOf, speakable } from '../../src/chat/speech/speakable';

describe('what is read aloud', () => {
  it.each([
    ['# Title\n\nSome **bold** and *soft* words.', 'Title.\nSome bold and soft words.'],
    ['Before\n\n```js\nlet a = 1;\n```\n\nAfter', 'Before\nAfter'],
    ['Before\n\n```js\nstill open', 'Before'],
    ['- one\n- [x] two\n3. three', 'one\ntwo\nthree'],
    ['Use `npm start` and [the guide](https://example.com/x).', 'Use npm start and the guide.'],
    ['See https://example.com/very/long?x=1 now', 'See now'],
    ['So $$\\frac{a}{b}$$ and \\(x\\) it is', 'So and it is'],
    ['| a | b |\n| - | - |\n| 1 | 2 |', ', a , b ,\n, 1 , 2 ,'],
    ['> quoted\n\n---\n\nend', 'quoted\nend'],
    ['![a cat](x.png) sits', 'a cat sits'],
    ['_so_ snake_case __stays__', 'so snake_case stays'],
  ])('is the words of %j', (markdown, words) => expect(speakable(markdown)).toBe(words));

  it('comes in sentences', () => {
    expect(sentencesOf('One. Two! Three?\n四。五！')).toEqual(['One.', 'Two!', 'Three?', '四。', '五！']);
    expect(sentencesOf('no end')).toEqual(['no end']);
    for (const piece of sentencesOf('word '.repeat(200))) expect(piece.length).toBeLessThanOrEqual(180);
    expect(sentencesOf('字'.repeat(500)).join('')).toBe('字'.repeat(500));
  });
});

describe('the language of a text', () => {
  it.each([
    ['The cat is on the roof and it sings.', 'en'],
    ['Die Katze ist auf dem Dach und singt nicht.', 'de'],
    ['Le chat est dans la maison et les souris dansent.', 'fr'],
    ['猫在屋顶上唱歌，很好听。', 'zh'],
    ['猫は屋根の上で歌っています。', 'ja'],
    ['고양이가 지붕 위에서 노래해요.', 'ko'],
    ['Кошка на крыше поёт.', 'ru'],
    ['在 Qwen 里使用 GPU，速度快很多。', 'zh'],
    ['The word 猫 means cat in the book.', 'en'],
    ['Zyx wvu', 'zh-CN'],
  ])('%j is %s', (text, language) => expect(languageOf(text, 'zh-CN')).toBe(language));
});

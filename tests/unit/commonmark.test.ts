/**
 * The examples of CommonMark 0.31.2, all of them, through the worker's renderer. Where we differ, we do so on purpose: each
 * example that is not met is named here with its reason, and one that would be met must not be in the list.
 */
import { tests } from 'commonmark-spec';
import { describe, expect, it } from 'vitest';
import { render } from '../../workers/markdown/render';
import { comparable, htmlOf } from '../fixtures/pieces-as-html';

type Example = (typeof tests)[number];

const start = { prefix: '', continues: false, definitions: {}, whole: true };
const ours = (text: string): string =>
  comparable(
    render({ ...start, text })
      .blocks.map(({ piece }) => htmlOf(piece))
      .join(''),
  );
// The specification writes tabs as arrows.
const withTabs = (text: string): string => text.replaceAll('→', '\t');
const theirs = ({ html }: Example): string => comparable(withTabs(html));

/** The deliberate exceptions, by the number of the example. */
const exceptions: Readonly<Record<string, readonly number[]>> = {
  'raw HTML is shown as text: a model has no business with the elements of the page': [
    21, 31, 148, 149, 150, 151, 152, 153, 154, 155, 156, 157, 158, 159, 160, 161, 162, 163, 164, 165, 166, 167, 169,
    170, 171, 172, 173, 174, 175, 176, 177, 178, 179, 180, 181, 182, 183, 184, 185, 186, 187, 188, 189, 190, 191, 201,
    308, 309, 344, 475, 476, 477, 491, 494, 524, 536, 613, 614, 615, 616, 617, 623, 625, 626, 627, 628, 629, 630, 631,
    642, 643,
  ],
  'addresses without marks become links, as in GFM': [602, 608, 611, 612],
  'an escaped bracket opens TeX, which models write far more often than brackets that need escaping': [12],
};
const excepted = new Set(Object.values(exceptions).flat());

describe('CommonMark 0.31.2', () => {
  it('has all its examples here', () => expect(tests).toHaveLength(652));

  it.each(tests.filter(({ number }) => !excepted.has(number)))('$section, example $number', (example) => {
    expect(ours(withTabs(example.markdown))).toBe(theirs(example));
  });

  it('is left only where it must be', () => {
    const met = tests.filter(
      (example) => excepted.has(example.number) && ours(withTabs(example.markdown)) === theirs(example),
    );
    expect(met.map(({ number }) => number)).toEqual([]);
  });

  it('shows every letter of raw HTML', () => {
    // A bare <del> is a mark that we know; entities have letters that mean others.
    const withHtml = tests.filter(
      ({ section, markdown }) =>
        (section === 'Raw HTML' || section === 'HTML blocks') && !/<del>|&[a-z]/.test(markdown),
    );
    for (const example of withHtml) {
      const letters = (text: string): string => text.replace(/[^a-zA-Z]/g, '');
      const shown = ours(withTabs(example.markdown))
        .replace(/<[^>]*>/g, '')
        .replace(/&[a-z]+;/g, '');
      expect(letters(shown)).toBe(letters(example.markdown));
    }
  });
});

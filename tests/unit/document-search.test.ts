// @vitest-environment node
/** How well words alone find the places that answer questions. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { RankedPlaces } from '../../src/shared/protocol/documents';
import { PlaceSearch } from '../../workers/documents/place-search';
import { corpusDocuments, corpusFiles, qualityOf } from '../fixtures/documents/corpus';
import { questions, unanswered } from '../fixtures/documents/questions';

const search = new PlaceSearch();

beforeAll(async () => {
  for (const document of await corpusDocuments('c')) await search.put(document);
});

const ask = (query: string): RankedPlaces => search.search({ query, collectionIds: ['c'], limit: 10, vectors: [] });

describe('a hundred questions', () => {
  it('have their answers in the texts', () => {
    expect(questions).toHaveLength(100);
    const texts = new Map(corpusFiles().map(({ name, text }) => [name, text.replaceAll(/\s+/g, ' ')]));
    expect(questions.filter(({ file, quote }) => !texts.get(file)?.includes(quote))).toEqual([]);
  });

  it('are answered by words', async () => {
    const quality = await qualityOf((question) => ask(question).places);
    // Measured: 0.92 and 0.85.
    expect(quality.recallAt5).toBeGreaterThanOrEqual(0.88);
    expect(quality.mrr).toBeGreaterThanOrEqual(0.78);
  });

  it('are told from those that nothing answers', () => {
    expect(questions.filter(({ question }) => ask(question).isFar).length).toBeLessThanOrEqual(6);
    expect(unanswered.filter((question) => !ask(question).isFar).length).toBeLessThanOrEqual(4);
  });
});

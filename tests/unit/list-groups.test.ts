import { describe, expect, it } from 'vitest';
import { listEntries } from '../../src/library/list-groups';
import { merged } from '../../src/library/merged-list';
import { ListView } from '../../src/library/list-view.svelte';
import { haveTag, tagFrom, tagging } from '../../src/library/tags';
import { titleFrom, titleQuestion } from '../../src/library/title-words';
import { conversation } from '../fixtures/conversations';

const at = (...[month, day, hour = 12]: [number, number, number?]): number =>
  new Date(2026, month - 1, day, hour).getTime();
const now = at(6, 15, 10);

describe('the list', () => {
  it('is in groups of days, with what is pinned first', () => {
    const times: [string, number, boolean?][] = [
      ['tomorrow', at(6, 16)],
      ['today', at(6, 15, 0)],
      ['yesterday', at(6, 14, 23)],
      ['monday', at(6, 10), true],
      ['last week', at(6, 8, 0)],
      ['may', at(5, 17)],
      ['april', at(4, 30)],
      ['april 1', at(4, 1)],
      ['zero', 0],
    ];
    const all = times.map(([id, updatedAt, pinned = false]) => conversation(id, { updatedAt, pinned }));
    const entries = listEntries(all, now).map(({ conversation: { id }, heading }) => [heading, id]);
    expect(entries).toEqual([
      ['Pinned', 'monday'],
      ['Today', 'tomorrow'],
      [null, 'today'],
      ['Yesterday', 'yesterday'],
      ['Previous 7 days', 'last week'],
      ['Previous 30 days', 'may'],
      ['April 2026', 'april'],
      [null, 'april 1'],
      ['January 1970', 'zero'],
    ]);
  });

  it('takes in what changed and lets go of what is gone, in order', () => {
    const list = [3, 2, 1].map((updatedAt) => conversation(`c${updatedAt}`, { updatedAt }));
    const after = merged(
      list,
      [conversation('c1', { updatedAt: 9 }), conversation('c0', { updatedAt: 0 })],
      new Set(['c2']),
    );
    expect(after.map(({ id }) => id)).toEqual(['c1', 'c3', 'c0']);
  });

  it('of ten thousand is made in a moment', () => {
    const many = Array.from({ length: 10_000 }, (_, index) =>
      conversation(`c${index}`, { updatedAt: now - index * 3_600_000 }),
    );
    const startedAt = performance.now();
    expect(listEntries(many, now)).toHaveLength(10_000);
    expect(performance.now() - startedAt).toBeLessThan(200);
  });
});

describe('the view of the list', () => {
  const all = [
    conversation('a', { updatedAt: 4, tags: ['work', 'x'] }),
    conversation('b', { updatedAt: 3, archived: true }),
    conversation('c', { updatedAt: 2, tags: ['work'], archived: true }),
    conversation('d', { updatedAt: 1, title: 'Ein Titel mit Wörtern' }),
  ];
  const ids = (view: ListView): string[] => view.entries.map(({ conversation: { id } }) => id);

  it('shows what is not archived, what is, or what has a tag', () => {
    const view = new ListView(() => all);
    expect(ids(view)).toEqual(['a', 'd']);
    expect(view.tags).toEqual(['work', 'x']);
    view.show({ kind: 'archived' });
    expect(ids(view)).toEqual(['b', 'c']);
    view.show({ kind: 'tag', tag: 'work' });
    expect(ids(view)).toEqual(['a', 'c']);
    view.show({ kind: 'tag', tag: 'gone' });
    expect(view.shown).toEqual({ kind: 'current' });
    expect(view.titled('wörtern TITEL').map(({ conversation: { id } }) => id)).toEqual(['d']);
  });

  it('selects one by one, in a range, and all', () => {
    const view = new ListView(() => all);
    expect(view.selected).toBeNull();
    view.toggle('a');
    view.selectTo('d', view.entries);
    expect([...(view.selected ?? [])]).toEqual(['a', 'd']);
    view.toggle('a');
    expect([...(view.selected ?? [])]).toEqual(['d']);
    view.selectAll(view.entries);
    expect(view.selected?.size).toBe(2);
    view.selectAll(view.titled('wörtern TITEL'));
    expect([...(view.selected ?? [])], 'what is not seen is not selected').toEqual(['d']);
    view.show({ kind: 'archived' });
    expect(view.selected).toBeNull();
  });
});

describe('tags', () => {
  it('are trimmed, cut, and spelt as they are in use', () => {
    expect(tagFrom('  My   Tag ', [])).toBe('My Tag');
    expect(tagFrom('WORK', ['Work'])).toBe('Work');
    expect(tagFrom('  ', [])).toBeNull();
    expect(tagFrom('x'.repeat(100), [])).toHaveLength(40);
  });

  it('are given and taken once', () => {
    const tagged = conversation('a', { tags: ['one'] });
    expect(tagging('two', true)(tagged)).toEqual({ tags: ['one', 'two'] });
    expect(tagging('one', true)(tagged)).toBeNull();
    expect(tagging('one', false)(tagged)).toEqual({ tags: [] });
    expect(haveTag([tagged, conversation('b')], 'one')).toBe('some');
    expect(haveTag([tagged], 'one')).toBe('all');
    expect(haveTag([], 'one')).toBe('none');
  });
});

describe('a title that a model proposes', () => {
  it.each([
    ['Feeding a Sourdough Starter', 'Feeding a Sourdough Starter'],
    ['"Feeding a starter."\n\nI hope that helps!', 'Feeding a starter'],
    ['Title: **Bread**', 'Bread'],
    ['标题：《离线使用》', '离线使用'],
    ['\u202eevil\u202c title', 'evil title'],
  ])('%j is %j', (answer, title) => expect(titleFrom(answer)).toBe(title));

  it.each([
    ['', null],
    ['x'.repeat(80), null],
    ['<b>x</b>', null],
    ['"', null],
  ])('%j is none', (answer) => expect(titleFrom(answer)).toBeNull());

  it('is asked for in the language of the conversation', () => {
    expect(titleQuestion('怎么用？')).toMatch(/\p{Script=Han}/u);
    expect(titleQuestion('How?')).not.toMatch(/\p{Script=Han}/u);
  });
});

import { describe, expect, it } from 'vitest';
import type { Message } from '../../src/shared/domain/conversation';
import { branchTo, newestLeafBelow } from '../../src/shared/domain/message-tree';
import { leafWithout, subtreeOf } from '../../src/shared/domain/subtree';
import { VersionIndex } from '../../src/chat/version-index';

/** A question for odd levels is not needed here: the tree does not look at roles. */
const message = (id: string, parentId: string | null, createdAt: number): Message => ({
  role: 'user',
  id,
  conversationId: 'c',
  parentId,
  text: id,
  createdAt,
});

const tree = new Map(
  [
    message('q1', null, 1),
    message('a1', 'q1', 2),
    message('a2', 'q1', 3),
    message('q2', 'a1', 4),
    message('a3', 'q2', 5),
    message('q3', 'a1', 6),
  ].map((entry) => [entry.id, entry]),
);
const ids = (messages: readonly Message[]): string[] => messages.map(({ id }) => id);

describe('message tree', () => {
  it('follows parents from the leaf to the root', () => {
    expect(ids(branchTo(tree, 'a3'))).toEqual(['q1', 'a1', 'q2', 'a3']);
    expect(branchTo(tree, null)).toEqual([]);
  });

  it('survives a broken link and a cycle, as a damaged import may have', () => {
    const damaged = new Map(
      [message('x', 'gone', 1), message('y', 'z', 2), message('z', 'y', 3)].map((e) => [e.id, e]),
    );
    expect(ids(branchTo(damaged, 'x'))).toEqual(['x']);
    expect(ids(branchTo(damaged, 'y')).sort()).toEqual(['y', 'z']);
    expect(['y', 'z']).toContain(newestLeafBelow(damaged, 'y'));
  });

  it('lists the versions of a message, oldest first', () => {
    const versions = new VersionIndex(tree);
    expect(versions.placeOf('a2')).toEqual({ index: 2, count: 2 });
    expect(versions.beside('a2', -1)?.id).toBe('a1');
    expect(versions.placeOf('q3')).toEqual({ index: 2, count: 2 });
    expect(versions.beside('q3', 1)).toBeUndefined();
    expect(versions.placeOf('gone')).toEqual({ index: 0, count: 0 });
  });

  it('goes to the newest end below a version', () => {
    expect(newestLeafBelow(tree, 'a1')).toBe('q3');
    expect(newestLeafBelow(tree, 'q2')).toBe('a3');
    expect(newestLeafBelow(tree, 'a2')).toBe('a2');
  });

  it('tells what hangs on a message', () => {
    expect(subtreeOf(tree, 'a1')).toEqual(['a1', 'q2', 'q3', 'a3']);
    expect(subtreeOf(tree, 'gone')).toEqual([]);
    const ring = new Map([message('x', 'y', 1), message('y', 'x', 2)].map((entry) => [entry.id, entry]));
    expect(subtreeOf(ring, 'x')).toEqual(['x', 'y']);
  });

  it.each([
    ['a3', 'a3', 'q2'],
    ['q2', 'a3', 'q3'],
    ['a1', 'a3', 'a2'],
    ['q1', 'a3', null],
    ['a2', 'a3', 'a3'],
    ['q3', 'q3', 'a3'],
  ])('shows something sensible without %s, where %s was shown: %s', (gone, shown, expected) => {
    expect(leafWithout(tree, gone, shown)).toBe(expected);
  });
});

/** Which file beside a model lets it see or hear, by the names: a repository may hold it in several precisions, or several of them. */
import type { WeightsFile } from '../../../src/shared/protocol/weights';
import { nameOfGguf } from './select-files';

const lastName = (path: string): string => path.split('/').at(-1) ?? path;
const folderOf = (path: string): string => path.slice(0, -lastName(path).length);

/**
 * By what is said in the name, the better first. 8 bits are as good as 16 to anybody's eye and half as large; with fewer, small
 * letters in pictures begin to be misread. 32 bits are only larger.
 */
const precisions: readonly RegExp[] = [/q8_0/i, /(^|[^b])f(p)?16/i, /bf16/i];
const largest = /f(p)?32/i;
const low = /i?q[1-7](_|k|$)/i;

function rankOf({ path }: WeightsFile): number {
  const name = lastName(path);
  const found = precisions.findIndex((precision) => precision.test(name));
  if (found >= 0) return found;
  return precisions.length + (low.test(name) ? 2 : largest.test(name) ? 1 : 0);
}

/** The name of a model without everything that tells one file of it from another, to compare it with its projector's. */
const stem = (path: string): string =>
  nameOfGguf(path)
    .toLowerCase()
    .replace(/mmproj|(^|[-_.])model(?=[-_.]|$)|(^|[-_.])(bf16|fp?16|fp?32|i?q\d\w*)(?=[-_.]|$)/g, ' ')
    .replace(/[^a-z\d]+/g, '');

/**
 * The projector for a model among files of its repository or folder; undefined where there is none.
 * @param parts the files of the model
 * @param projectors all that there are
 */
export function projectorFor(
  parts: readonly WeightsFile[],
  projectors: readonly WeightsFile[],
): WeightsFile | undefined {
  const path = parts[0]?.path ?? '';
  // Beside it, or above: where each precision has a folder of its own, they share one.
  const near = projectors.filter((file) => folderOf(path).startsWith(folderOf(file.path)));
  const beside = near.filter((file) => folderOf(file.path) === folderOf(path));
  const placed = beside.length > 0 ? beside : near;
  // Of models that share a repository, each has its own; one that is named after no model goes with all of them.
  const own = placed.filter((file) => stem(file.path) !== '' && stem(path).startsWith(stem(file.path)));
  const common = placed.filter((file) => stem(file.path) === '');
  const fitting = own.length > 0 ? own : common.length > 0 ? common : placed;
  return [...fitting].sort((a, b) => rankOf(a) - rankOf(b) || a.bytes - b.bytes)[0];
}

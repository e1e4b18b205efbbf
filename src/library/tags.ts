/** Tags of conversations: pure functions. */
import type { Conversation } from '../shared/domain/conversation';
import { cutText } from '../shared/domain/cut-text';

export const longestTag = 40;

const same = (a: string, b: string): boolean => a.toLocaleLowerCase() === b.toLocaleLowerCase();

/** As it is stored: without spaces around it, and as it is spelt where it is in use already. Null for nothing. */
export function tagFrom(typed: string, inUse: readonly string[]): string | null {
  const tag = cutText(typed.replaceAll(/\s+/g, ' ').trim(), longestTag);
  if (tag === '') return null;
  return inUse.find((known) => same(known, tag)) ?? tag;
}

/** How many of these have the tag. */
export function haveTag(conversations: readonly Conversation[], tag: string): 'all' | 'some' | 'none' {
  const count = conversations.filter(({ tags = [] }) => tags.includes(tag)).length;
  if (count === 0) return 'none';
  return count === conversations.length ? 'all' : 'some';
}

/** The change that gives a conversation a tag, or takes it; null where it is so already. */
export function tagging(tag: string, wanted: boolean): (stored: Conversation) => Partial<Conversation> | null {
  return ({ tags = [] }) => {
    if (tags.includes(tag) === wanted) return null;
    return { tags: wanted ? [...tags, tag] : tags.filter((other) => other !== tag) };
  };
}

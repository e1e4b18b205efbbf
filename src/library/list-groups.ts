/** The list of conversations as it is shown: in order, with the day before the first one of each day. */
import type { Conversation } from '../shared/domain/conversation';
import { formatMonth } from '../text/formatting';
import { m } from '../text/paraglide/messages.js';

export interface ListEntry {
  readonly conversation: Conversation;
  /** Stands above it where a group begins; null inside of one. */
  readonly heading: string | null;
}

const dayMs = 24 * 60 * 60 * 1000;

/** Midnight of the visitor's own day, which may have 23 hours. */
function startOfDay(time: number, daysBefore = 0): number {
  const date = new Date(time);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() - daysBefore).getTime();
}

/** Tells the group of a time; made once for a whole list. */
function headings(now: number): (time: number) => string {
  const today = startOfDay(now);
  const yesterday = startOfDay(now, 1);
  const week = startOfDay(now, 7);
  const month = startOfDay(now, 30);
  let known = { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY, heading: '' };
  return (time) => {
    // A clock that was wrong, or another device's: what is to come has happened today.
    if (time >= today) return m.chats_today();
    if (time >= yesterday) return m.chats_yesterday();
    if (time >= week) return m.chats_last_week();
    if (time >= month) return m.chats_last_month();
    if (time < known.from || time >= known.to) {
      const date = new Date(time);
      const from = new Date(date.getFullYear(), date.getMonth()).getTime();
      const to = new Date(date.getFullYear(), date.getMonth() + 1).getTime();
      known = { from, to, heading: formatMonth(from + dayMs) };
    }
    return known.heading;
  };
}

/**
 * @param conversations newest first
 * @param now ms since the epoch
 */
export function listEntries(conversations: readonly Conversation[], now: number): readonly ListEntry[] {
  const headingOf = headings(now);
  const pinned = conversations.filter(({ pinned: isPinned }) => isPinned);
  const others = pinned.length === 0 ? conversations : conversations.filter(({ pinned: isPinned }) => !isPinned);
  let last: string | null = null;
  const entries: ListEntry[] = [];
  const add = (conversation: Conversation, heading: string): void => {
    entries.push({ conversation, heading: heading === last ? null : heading });
    last = heading;
  };
  for (const conversation of pinned) add(conversation, m.chats_pinned());
  for (const conversation of others) add(conversation, headingOf(conversation.updatedAt));
  return entries;
}

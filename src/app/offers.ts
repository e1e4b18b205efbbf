import { formatCount, formatList } from '../text/formatting';
import { m } from '../text/paraglide/messages.js';
import type { RunningApp } from './running-app';
import type { Incoming } from './incoming/incoming.svelte';
import type { OfflineShell } from './offline/offline-shell.svelte';
import type { Offer } from './offer';
import type { Kept } from './storage-marker';

/** "2 chats, 1 model": only what there was. */
const lostText = ({ chats, models }: Kept): string =>
  formatList([
    ...(chats > 0 ? [m.evicted_chats({ count: formatCount(chats) })] : []),
    ...(models > 0 ? [m.evicted_models({ count: formatCount(models) })] : []),
  ]);

/** What goes on beside the screen, as far as something can be offered of it. */
interface Beside {
  readonly lost: Kept | null;
  readonly stale: boolean;
  readonly incoming: Incoming;
  readonly shell: OfflineShell;
  putAway(id: string): void;
  keepStorage(): Promise<void>;
  takeUpdate(): Promise<void>;
  reload(): void;
}

/** With fewer, a person is still finding out what this is. */
const chatsOfUse = 3;

/** Whether a person comes back to Sotto: with several chats, or a model of their own and an answer. */
function hasBeenOfUse({ library, models }: RunningApp): boolean {
  const chats = library.conversations.length;
  return chats >= chatsOfUse || (chats > 0 && models.shelf.stored.some(({ state }) => state === 'ready'));
}

/** All that could be offered now. Never while something is being done: it would be in the way. */
export function offersOf(app: RunningApp, background: Beside): readonly Offer[] {
  const away = (id: string, label: () => string): Offer['actions'][number] => ({
    label,
    run: () => background.putAway(id),
  });
  const offers: Offer[] = [];
  const { lost } = background;
  if (lost) {
    offers.push({
      id: 'evicted',
      text: () => m.evicted({ list: lostText(lost) }),
      actions: [
        { label: m.evicted_ask_to_keep, run: () => void background.keepStorage() },
        away('evicted', m.evicted_understood),
      ],
    });
  }
  if (background.incoming.lost) {
    offers.push({
      id: 'share-lost',
      text: m.incoming_lost,
      actions: [{ label: m.dismiss, run: () => background.incoming.dismissLoss() }],
    });
  }
  const lab = app.lab.value;
  if (lab?.progress && app.router.route.screen === 'chat') {
    offers.push({
      id: 'lab',
      text: m.lab_chat_waits,
      actions: [
        { label: m.lab_pause, run: () => lab.pause() },
        { label: m.lab_see_results, run: () => app.router.goTo('#/lab') },
      ],
    });
  }
  if (app.busy) return offers;
  if (background.stale) {
    offers.push({
      id: 'stale',
      text: m.update_elsewhere,
      actions: [{ label: m.reload_page, run: () => background.reload() }, away('stale', m.offer_later)],
    });
  } else if (background.shell.update !== null) {
    offers.push({
      id: 'update',
      text: m.update_offer,
      actions: [{ label: m.update_take, run: () => void background.takeUpdate() }, away('update', m.offer_later)],
    });
  }
  if (!app.platform.secure) {
    offers.push({ id: 'insecure', text: m.banner_insecure, actions: [away('insecure', m.dismiss)] });
  }
  const { install } = app;
  if (offers.length === 0 && hasBeenOfUse(app) && !install.silent && install.way !== 'none') {
    offers.push({
      id: 'install',
      text: install.way === 'prompt' ? m.install_hint : m.install_hint_by_hand,
      actions: install.way === 'prompt' ? [{ label: m.install, run: () => void install.ask() }] : [],
      dismiss: () => install.never(),
    });
  }
  return offers;
}

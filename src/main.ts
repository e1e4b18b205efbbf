/** Composition root: builds everything and mounts the page. */
import { mount } from 'svelte';
import engineWorkerUrl from '../workers/engine.worker.ts?worker&url';
import weightsWorkerUrl from '../workers/weights.worker.ts?worker&url';
import { App } from './app/app';
import AppShell from './app/App.svelte';
import { bringRandomIds } from './app/insecure-context';
import { parseHash } from './app/router.svelte';
import { prepareScreen } from './app/screen-parts';
import { startWorker } from './shared/platform/trusted-worker';
import { beginDeletion, deletionMode, leaveWhenDeleted, type DeletionMode } from './privacy/deletion-mark';
import { guardPage } from './privacy/guard-page';
import { Appearance } from './settings/appearance.svelte';
import { openChats } from './storage/open-chats';
import { prepareFormats } from './text/formatting';
import { Language } from './text/language.svelte';
import { untilLoaded } from './ui/until-loaded';

guardPage();
bringRandomIds();

const language = new Language();

async function startApp(target: HTMLElement): Promise<void> {
  const { screen } = parseHash(location.hash);
  // At once, while the words and the chats come.
  const screenReady = screen === 'chat' || screen === 'print' ? Promise.resolve() : prepareScreen(screen);
  const words = language.start().then(prepareFormats);
  // Rejects only where a part that it needs in some browsers does not come; that cannot be said before there are words.
  const opening = openChats().catch(() => words.then(() => untilLoaded(target, openChats)));
  const [chats] = await Promise.all([opening, words]);
  if (chats.lock?.vault.isLocked) {
    // Nothing else runs meanwhile: no list, no search, no download.
    new Appearance();
    leaveWhenDeleted();
    const { unlock } = await untilLoaded(target, () => import('./lock/unlock'));
    await unlock(chats.lock, target, beginDeletion);
  }
  const app = new App({
    language,
    chats,
    screenReady,
    startEngineWorker: () => startWorker(engineWorkerUrl, 'engine'),
    startWeightsWorker: () => startWorker(weightsWorkerUrl, 'weights'),
  });
  app.start();
  target.replaceChildren();
  mount(AppShell, { target, props: { app } });
}

async function startDeletion(target: HTMLElement, mode: DeletionMode): Promise<void> {
  // Before its setting is gone, too.
  new Appearance();
  await language.start();
  const { default: Deletion } = await untilLoaded(target, () => import('./privacy/Deletion.svelte'));
  target.replaceChildren();
  mount(Deletion, { target, props: { mode } });
}

// Not awaited: the files that are loaded meanwhile import from this one, and would wait for its end, as it for theirs.
const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');
const mode = deletionMode();
void (mode === null ? startApp(target) : startDeletion(target, mode));

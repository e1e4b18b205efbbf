/** Composition root: builds everything and mounts the page. */
import { mount } from 'svelte';
import engineWorkerUrl from '../workers/engine.worker.ts?worker&url';
import weightsWorkerUrl from '../workers/weights.worker.ts?worker&url';
import { App } from './app/app';
import AppShell from './app/App.svelte';
import { bringRandomIds } from './app/insecure-context';
import { startWorker } from './contracts/trusted-worker';
import { beginDeletion, deletionMode, leaveWhenDeleted, type DeletionMode } from './privacy/deletion-mark';
import { guardPage } from './privacy/guard-page';
import { Appearance } from './settings/appearance.svelte';
import { openChats } from './storage/chats-store';
import { prepareFormats } from './text/formatting';
import { Language } from './text/language.svelte';

guardPage();
bringRandomIds();

const language = new Language();

async function startApp(target: HTMLElement): Promise<void> {
  const [chats] = await Promise.all([openChats(), language.start().then(prepareFormats)]);
  if (chats.lock?.vault.isLocked) {
    // Nothing else runs meanwhile: no list, no search, no download.
    new Appearance();
    leaveWhenDeleted();
    const { unlock } = await import('./lock/unlock');
    await unlock(chats.lock, target, beginDeletion);
  }
  const app = new App({
    language,
    chats,
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
  const [{ default: Deletion }] = await Promise.all([import('./privacy/Deletion.svelte'), language.start()]);
  target.replaceChildren();
  mount(Deletion, { target, props: { mode } });
}

// Not awaited: the files that are loaded meanwhile import from this one, and would wait for its end, as it for theirs.
const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');
const mode = deletionMode();
void (mode === null ? startApp(target) : startDeletion(target, mode));

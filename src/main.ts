/** Composition root: builds everything and mounts the page. */
import { mount } from 'svelte';
import engineWorkerUrl from '../workers/engine.worker.ts?worker&url';
import weightsWorkerUrl from '../workers/weights.worker.ts?worker&url';
import { App } from './app/app';
import AppShell from './app/App.svelte';
import { startWorker } from './contracts/trusted-worker';
import { openChats } from './storage/chats-store';

// No part of Sotto uses WebRTC, and no policy can forbid it (security.md): what is not there cannot leak.
for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection']) Reflect.deleteProperty(globalThis, name);

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no #app');

const app = new App({
  chats: await openChats(),
  startEngineWorker: () => startWorker(engineWorkerUrl, 'engine'),
  startWeightsWorker: () => startWorker(weightsWorkerUrl, 'weights'),
});
app.start();
mount(AppShell, { target, props: { app } });

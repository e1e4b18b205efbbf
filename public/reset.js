// Repairs a broken version of the app. It uses nothing of the app itself, and is never answered by its service worker.
const scope = new URL('./', location.href).href;
// As in src/shared/protocol/app-release.ts.
const prefix = `sotto:${new URL(scope).pathname}:`;
const answer = document.getElementById('answer');
const repair = document.getElementById('repair');
const back = document.getElementById('back');

const tell = (english, chinese) => {
  answer.textContent = `${english} ${chinese}`;
};

async function ownRegistration() {
  const registration = await navigator.serviceWorker?.getRegistration(scope);
  return registration?.scope === scope ? registration : undefined;
}

async function versionBefore() {
  if (!('caches' in globalThis) || !(await ownRegistration())?.active) return undefined;
  const state = await caches.match(`${scope}sotto-state.json`, { cacheName: `${prefix}state` });
  const { previous } = state ? await state.json() : {};
  return previous !== undefined && (await caches.has(`${prefix}release:${previous}`)) ? previous : undefined;
}

repair.addEventListener('click', async () => {
  if (!navigator.onLine && !confirm('You’re offline. Sotto won’t start until you’re online again. Continue?\n当前处于离线状态，恢复联网之前 Sotto 将无法启动。要继续吗？')) return;
  try {
    await (await ownRegistration())?.unregister();
    const names = 'caches' in globalThis ? await caches.keys() : [];
    // What was shared and not taken yet is a person's own.
    const program = names.filter((name) => name.startsWith(prefix) && !name.endsWith(':inbox'));
    await Promise.all(program.map((name) => caches.delete(name)));
    back.hidden = true;
    tell('Done. Open Sotto now.', '完成。现在可以打开 Sotto。');
  } catch (error) {
    tell(`That didn’t work: ${error}`, '操作失败。');
  }
});

back.addEventListener('click', async () => {
  const build = await versionBefore();
  const worker = (await ownRegistration())?.active;
  if (build === undefined || !worker) return;
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => {
    if (data.ok) tell('Done. Open Sotto now.', '完成。现在可以打开 Sotto。');
    else tell('The previous version is no longer complete.', '上一个版本已不完整。');
  };
  worker.postMessage({ type: 'switch', build }, [port2]);
});

versionBefore().then((build) => {
  back.hidden = build === undefined;
  document.getElementById('back-note').hidden = build === undefined;
});

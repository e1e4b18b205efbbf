import { parseUrl } from '../../shared/platform/parse-url';
import { parseQuery, type AddressRequest } from './addresses';
import type { Incoming } from './incoming.svelte';
import { takeShared } from './share-inbox';

/** Chromium's way to hand files and addresses to an installed app. */
interface LaunchParams {
  readonly targetURL?: string | null;
  readonly files?: readonly { getFile(): Promise<File> }[];
}

interface LaunchScope {
  readonly launchQueue?: { setConsumer(consumer: (params: LaunchParams) => void): void };
}

/** Takes what came with the address of the page, what waits in the inbox, and what the system opens with Sotto from now on. */
export async function receiveFromOutside(incoming: Incoming, goTo: (hash: string) => void): Promise<void> {
  (globalThis as LaunchScope).launchQueue?.setConsumer(({ targetURL, files = [] }) => {
    void Promise.allSettled(files.map((handle) => handle.getFile())).then((read) =>
      incoming.receiveFiles(read.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))),
    );
    const url = parseUrl(targetURL ?? '');
    if (!url) return;
    const request = parseQuery(url.search);
    if (request) void obey(request, incoming, goTo);
    // A shortcut of the app's icon. Its plain address means "show me Sotto", wherever it is.
    else if (url.hash !== '' && url.hash !== location.hash) goTo(url.hash);
  });
  const request = parseQuery(location.search);
  // Not again after a reload.
  if (location.search !== '') history.replaceState(null, '', location.pathname + location.hash);
  if (request) await obey(request, incoming, goTo);
  await takeInbox(incoming);
}

async function obey(request: AddressRequest, incoming: Incoming, goTo: (hash: string) => void): Promise<void> {
  switch (request.kind) {
    case 'share-failed':
      incoming.noteLoss();
      return;
    case 'shared':
      return takeInbox(incoming);
    case 'text':
      incoming.receiveText([request.text]);
      return;
    case 'model':
      incoming.places.addModelAddress(request.address);
      return;
    case 'screen':
      goTo(request.hash);
  }
}

async function takeInbox(incoming: Incoming): Promise<void> {
  try {
    const shared = await takeShared();
    if (!shared) return;
    incoming.receiveText(shared.texts);
    await incoming.receiveFiles(shared.files);
  } catch {
    incoming.noteLoss();
  }
}

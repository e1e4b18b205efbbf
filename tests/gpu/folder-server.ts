/** Serves the folder to the page, as a host of weights would, until the page wants to see what goes without it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startHub } from '../fixtures/hub/hub-server';
import { folderServerRuns, stopFolderServer } from './node-commands';
import { gpuSettings } from './settings';

declare module 'vitest' {
  export interface ProvidedContext {
    folderUrl: string;
    libraryUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { folder } = gpuSettings();
  if (folder === null) throw new Error('SOTTO_MLC_DIR is not set');
  const names = readdirSync(folder);
  const library = names.find((name) => name.endsWith('.wasm'));
  if (library === undefined) throw new Error(`no library (.wasm) in ${folder}`);
  const hub = await startHub();
  for (const name of names) {
    const content = readFileSync(join(folder, name));
    hub.addFile(`mlc/${name}`, content);
    // Where WebLLM looks for them itself.
    hub.addFile(`mlc/resolve/main/${name}`, content);
  }
  folderServerRuns(() => hub.close());
  project.provide('folderUrl', `${hub.origin}/files/mlc/`);
  project.provide('libraryUrl', `${hub.origin}/files/mlc/${library}`);
  return stopFolderServer;
}

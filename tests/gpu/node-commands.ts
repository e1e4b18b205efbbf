/** What the page of the live suite asks of Node. */
import { mkdirSync, writeFileSync } from 'node:fs';

declare module 'vitest/browser' {
  interface BrowserCommands {
    stopFolderServer: () => Promise<void>;
    writeFigures: (name: string, figures: unknown) => Promise<void>;
  }
}

/** Config and setup are two bundles in one process: what they share lies outside of both. */
const shared = globalThis as { sottoFolderServers?: (() => Promise<void>)[] };

/** Vitest runs the setup more than once, and one server that stays would keep the process from ending. */
export function folderServerRuns(stop: () => Promise<void>): void {
  (shared.sottoFolderServers ??= []).push(stop);
}

export async function stopFolderServer(): Promise<void> {
  const running = shared.sottoFolderServers ?? [];
  await Promise.all(running.splice(0).map((stop) => stop()));
}

export function writeFigures(_context: unknown, name: string, figures: unknown): Promise<void> {
  mkdirSync('test-results/gpu', { recursive: true });
  writeFileSync(`test-results/gpu/${name}.json`, `${JSON.stringify(figures, null, 2)}\n`);
  return Promise.resolve();
}

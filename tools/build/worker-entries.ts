/**
 * Keeps the entry of a worker apart from what its later parts need, too. WebKit does not know the script that it has started
 * under its address: a part that imports it makes it run a second time. Two engines then answer each call, one of them without
 * a model.
 */
import { basename } from 'node:path';
import type { Plugin, Rolldown } from 'vite';

interface Modules {
  getModuleInfo(id: string): Rolldown.ModuleInfo | null;
}

/** All modules that `first` leads to, itself included, while they are looked at. */
function* reachable(first: string, next: (id: string) => readonly string[]): Generator<string> {
  const found = new Set([first]);
  // A set also yields what is added while it is walked.
  for (const id of found) {
    yield id;
    for (const other of next(id)) found.add(other);
  }
}

/** The name of the chunk for a module that an entry needs at once; null where the worker is all one file. */
function chunkBesideEntry(module: string, modules: Modules): string | null {
  const importers = (id: string): readonly string[] => modules.getModuleInfo(id)?.importers ?? [];
  const imported = (id: string): readonly string[] => modules.getModuleInfo(id)?.importedIds ?? [];
  const loadsLater = (id: string): boolean => (modules.getModuleInfo(id)?.dynamicallyImportedIds.length ?? 0) > 0;
  const entry = [...reachable(module, importers)].find((id) => modules.getModuleInfo(id)?.isEntry);
  if (entry === undefined || entry === module) return null;
  return [...reachable(entry, imported)].some(loadsLater) ? `${basename(entry).split('.', 1)[0]}-main` : null;
}

/** For `output.codeSplitting` of workers. */
export const besideEntries = {
  groups: [{ name: chunkBesideEntry, debugName: 'beside entries', tags: ['$initial' as const] }],
};

/** Fails the build when a part of a worker imports the worker's entry all the same. */
export const refuseImportedEntries = (): Plugin => ({
  name: 'sotto:worker-entries',
  generateBundle(_options, bundle) {
    for (const part of Object.values(bundle)) {
      if (part.type !== 'chunk') continue;
      const entry = part.imports.find((name) => {
        const imported = bundle[name];
        return imported?.type === 'chunk' && imported.isEntry;
      });
      if (entry !== undefined) this.error(`${part.fileName} imports ${entry}, the entry of its worker`);
    }
  },
});

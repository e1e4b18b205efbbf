import manifest from '../../package.json' with { type: 'json' };

declare const __BUILD_NOTE__: string;
declare const __COMMIT__: string;

/** With the note of whoever built it (`SOTTO_BUILD_NOTE`), if there is one: to tell two builds of one version apart. */
export const version = `${manifest.version} ${__BUILD_NOTE__}`.trim();

/** What it was built from; empty where the build could not know (`tools/build/source-commit.ts`). */
export const commit = __COMMIT__;

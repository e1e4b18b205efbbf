import manifest from '../../package.json' with { type: 'json' };

declare const __BUILD_NOTE__: string;

/** With the note of whoever built it (`SOTTO_BUILD_NOTE`), if there is one: to tell two builds of one version apart. */
export const version = `${manifest.version} ${__BUILD_NOTE__}`.trim();

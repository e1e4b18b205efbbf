import type { Plugin } from 'vite';

const barrel = /import\s*\{\s*m\s*\}\s*from\s*(['"])([^'"]*paraglide\/messages)\.js\1/g;

/**
 * Each message is a module of its own, but `m`, an object of all of them, ties them to one chunk that the first screen would
 * have to wait for. As a namespace import it is taken apart: every screen brings its own words.
 */
export const splitMessages = (): Plugin => ({
  name: 'sotto:split-messages',
  apply: 'build',
  transform(code, id) {
    if (id.includes('/paraglide/messages')) return { code, map: null, moduleSideEffects: false };
    if (!code.includes('paraglide/messages')) return null;
    return { code: code.replace(barrel, `import * as m from '$2/_index.js'`), map: null };
  },
});

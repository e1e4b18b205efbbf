import { getContext, setContext } from 'svelte';

const key = Symbol('reload');

/** Hands down how the page is loaded again without losing what is typed. */
export const setReload = (reload: () => void): (() => void) => setContext(key, reload);

/** Loads the page again; where nothing was handed down, nothing can be lost. */
export const useReload = (): (() => void) => getContext<(() => void) | undefined>(key) ?? (() => location.reload());

import { getContext, setContext } from 'svelte';
import type { App } from './app.ts';

const key = Symbol('sotto app');

/** Hands the app down from the root component. */
export const setApp = (app: App): App => setContext(key, app);

/** The app, inside any component below the root. */
export const useApp = (): App => getContext<App>(key);

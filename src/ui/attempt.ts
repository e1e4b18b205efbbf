import { getContext, setContext } from 'svelte';

/** Does what a person asked for; why it could not be done is said. Never rejects. */
export type Attempt = (work: () => Promise<void>) => Promise<void>;

const key = Symbol('attempt');

export const setAttempt = (attempt: Attempt): Attempt => setContext(key, attempt);

/** For a control whose work may fail where nothing else would say so. */
export const useAttempt = (): Attempt => getContext<Attempt>(key);

import { getContext, setContext } from 'svelte';
import type { Markdown } from './markdown';

const key = Symbol('markdown');

export const setMarkdown = (markdown: Markdown): Markdown => setContext(key, markdown);
export const useMarkdown = (): Markdown => getContext<Markdown>(key);

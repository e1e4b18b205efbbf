import { getContext, setContext } from 'svelte';
import type { Markdown } from './markdown';

export const markdownKey = Symbol('markdown');

export const setMarkdown = (markdown: Markdown): Markdown => setContext(markdownKey, markdown);
export const useMarkdown = (): Markdown => getContext<Markdown>(markdownKey);
